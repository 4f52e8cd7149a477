// agnhost test-webserver: serves the container's files. Source: test/images/agnhost/test-webserver.
import { utf8Bytes } from "../../../../base/utf8.ts";
import { FileError } from "../../process/fileError.ts";
import type { FileSystem } from "../../process/fileSystem.ts";
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { notFound, serveTextAt, textAnswer } from "../httpServer.ts";

const terminatedCode = 2;

export const testWebserver: Executable = function* (process) {
  const port = numberFlag(flagsOf(process.argv.slice(2)), "port", 80);
  serveTextAt(process, port, ({ path }) => answer(process.files, path));
  yield* untilSignal(process);
  return terminatedCode;
};

function answer(files: FileSystem, path: string) {
  try {
    if (files.stat(path).kind === "directory") {
      const links = files.list(path).map((name) => `<a href="${name}">${name}</a>\n`);
      return textAnswer(`<pre>\n${links.join("")}</pre>\n`, 200, "text/html; charset=utf-8");
    }
    return { ...textAnswer(""), body: new Uint8Array(files.read(path)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { ...notFound, body: utf8Bytes("404 page not found\n") };
  }
}
