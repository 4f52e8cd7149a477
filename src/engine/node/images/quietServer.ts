// A server that is known by what it says and where it listens, and by nothing else.

import { utf8Bytes } from "../../../base/utf8.ts";
import { serveHttp } from "../../network/http1.ts";
import type { ServerBehaviour } from "../catalogImage.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { serveConnections } from "../process/serveConnections.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause, type Steps } from "../steps.ts";
import type { Usage } from "../usage.ts";

/** From the stop signal to the end, if the catalog says nothing. */
const defaultStopMs = 20;

/** @param name what it answers to HTTP requests that it is */
export function quietServer(behaviour: ServerBehaviour, idle: Usage, name: string): Executable {
  return function* (process) {
    const { startMs, lines = [], requires, stopCode, stopMs = defaultStopMs } = behaviour;
    yield pause(startMs, `${name} starts`);
    if (requires && !requires.anyOf.some((variable) => process.env.get(variable))) {
      for (const line of requires.complaint) process.stderr.write(`${line}\n`);
      return 1;
    }
    process.use(idle);
    for (const line of lines) process.stdout.write(`${line}\n`);
    for (const port of portsOf(behaviour, process.argv)) listen(behaviour, name, port, process);
    if (stopCode === undefined) yield* untilSignal(process, []);
    yield* untilSignal(process);
    yield pause(stopMs, `${name} stops`);
    return stopCode ?? 0;
  };
}

function listen(
  { isHttp = false }: ServerBehaviour,
  name: string,
  port: number,
  process: ProcessContext,
) {
  serveConnections(process, port, (connection) => {
    if (!isHttp) return silence(connection.read());
    const body = utf8Bytes(`${process.hostname} (${name})\n`);
    const headers = [["Content-Type", "text/plain; charset=utf-8"]] as const;
    // biome-ignore lint/correctness/useYield: the answer is known at once
    return serveHttp(connection, function* () {
      return { status: 200, headers, body };
    });
  });
}

function* silence(read: Steps<unknown>): Steps {
  yield* read;
}

function portsOf({ ports, portFlag }: ServerBehaviour, argv: readonly string[]): readonly number[] {
  for (const [i, word] of argv.entries()) {
    const match = portFlag?.exec(word);
    const port = match && Number(match[1] ?? argv[i + 1]?.split(":").at(-1));
    if (port) return [port];
  }
  return ports;
}
