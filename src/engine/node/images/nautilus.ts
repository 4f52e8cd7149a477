// nautilus: says which picture it would show, for tests of rolling updates. Source: test/images/nautilus.
import type { Executable } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { notFound, serveTextAt, textAnswer } from "./httpServer.ts";

export const nautilus: Executable = function* (process) {
  serveTextAt(process, 80, ({ path }) =>
    path === "/data.json"
      ? textAnswer('{"image": "nautilus.jpg"}', 200, "application/json")
      : notFound,
  );
  yield* untilSignal(process);
  return 0;
};
