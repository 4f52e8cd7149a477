// Runs a script in a simulated container, and tells what came of it.
import type { Disposable } from "../../../../src/base/disposable.ts";
import { Random } from "../../../../src/base/random.ts";
import { utf8Bytes } from "../../../../src/base/utf8.ts";
import { VirtualClock } from "../../../../src/engine/clock.ts";
import type { ContainerNetwork } from "../../../../src/engine/network/containerNetwork.ts";
import { type ByteSink, sourceOf } from "../../../../src/engine/node/process/byteStream.ts";
import {
  directory,
  programFile,
  regularFile,
} from "../../../../src/engine/node/process/fileNode.ts";
import { FileSystem } from "../../../../src/engine/node/process/fileSystem.ts";
import { FileTree, Mounts } from "../../../../src/engine/node/process/mounts.ts";
import type { Executable, Terminal, User } from "../../../../src/engine/node/process/process.ts";
import { ProcessTable } from "../../../../src/engine/node/process/processTable.ts";
import { BufferedSource, textOf } from "../../../../src/engine/node/programs/bufferedSource.ts";
import { programsOf } from "../../../../src/engine/node/programs/index.ts";
import { noNetwork } from "./noNetwork.ts";

export interface ScriptWorld {
  readonly userland?: "busybox" | "debian";
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** A network with the clock that it lives on. */
  readonly on?: {
    readonly clock: VirtualClock;
    openNetwork(): ContainerNetwork & Disposable;
  };
  /** Of busybox. */
  readonly version?: string;
  readonly terminal?: Terminal;
  readonly user?: User;
  /** How long it is waited for; ten minutes if absent. */
  readonly patienceMs?: number;
  readonly others?: Readonly<Record<string, Executable>>;
}

export interface ScriptEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if it still runs. */
  readonly code: number | undefined;
  readonly elapsedMs: number;
}

const tenMinutes = 600_000;
/** Of what a script writes. */
const mostKept = 1 << 20;
const epoch = Date.UTC(2025, 8, 1, 12, 34, 56);

/** A container with its clock, for what `runScript` is too simple for. */
export function container(world: ScriptWorld = {}) {
  const clock = world.on?.clock ?? new VirtualClock(epoch);
  const programs = programsOf(world.userland ?? "busybox", world.version);
  const bin = directory(
    [...programs, ...Object.entries(world.others ?? {})].map(([name, program]) => [
      name,
      programFile(program),
    ]),
  );
  const root = directory([
    ["bin", bin],
    ["tmp", directory([["w", directory()]], { mode: 0o1777 })],
    [
      "etc",
      directory([
        ["hostname", regularFile("web\n")],
        ["passwd", regularFile("root:x:0:0:root:/root:/bin/sh\n")],
      ]),
    ],
    ["root", directory()],
    [
      "dev",
      directory([
        ["null", { kind: "device" as const, mode: 0o666, uid: 0, gid: 0, modifiedAt: 0 }],
      ]),
    ],
  ]);
  const user = { uid: 0, gid: 0, groups: [] };
  const files = new FileSystem(
    new Mounts([{ path: "/", tree: new FileTree(root, "overlay", () => clock.now()) }]),
    user,
  );
  for (const [path, text] of Object.entries(world.files ?? {})) {
    files.makeDirectories(path.replace(/\/[^/]*$/, "") || "/");
    files.write(path, text);
    if (text.startsWith("#!")) files.changeMode(path, 0o755);
  }
  const table = new ProcessTable({
    clock,
    random: () => new Random(1),
    hostname: "web",
    openNetwork: () => world.on?.openNetwork() ?? { ...noNetwork, dispose: () => undefined },
    files: () => files,
    limits: {},
  });
  return { clock, table, files };
}

export function collector(): { sink: ByteSink; text(): string } {
  let text = "";
  return {
    sink: {
      write: (bytes) => {
        if (text.length < mostKept) text += typeof bytes === "string" ? bytes : textOf(bytes);
      },
    },
    text: () => text,
  };
}

/** Runs `script` by /bin/sh -c, or whatever `argv` says. PID 1 waits beside it, as in an exec. */
export function runScript(script: string, world: ScriptWorld = {}): ScriptEnd {
  const { clock, table } = container(world);
  const argv = world.argv ?? ["sh", "-c", script];
  const init: Executable = function* () {
    yield { until: () => ({ dispose: () => undefined }) };
    return 0;
  };
  const first = table.start(init, { argv: ["pause"] });
  const [stdout, stderr] = [collector(), collector()];
  const path = world.env?.PATH ?? "/bin";
  const env = new Map(Object.entries({ HOME: "/root", PATH: path, ...world.env }));
  const program = first.find(`/bin/${argv[0]}`);
  if (!program) throw new Error(`no ${argv[0]}`);
  const process = table.start(
    program,
    {
      argv,
      cwd: "/tmp/w",
      env,
      stdin: new BufferedSource(sourceOf(utf8Bytes(world.stdin ?? ""))),
      stdout: stdout.sink,
      stderr: stderr.sink,
      terminal: world.terminal,
      ...(world.user ? { user: world.user } : {}),
    },
    1,
  );
  const startedAt = clock.now();
  let elapsedMs = 0;
  const patience = world.patienceMs ?? tenMinutes;
  while (process.exitCode === undefined && elapsedMs < patience) {
    clock.runUntil(Math.min(clock.nextDue() ?? Number.POSITIVE_INFINITY, startedAt + patience));
    elapsedMs = clock.now() - startedAt;
  }
  return { stdout: stdout.text(), stderr: stderr.text(), code: process.exitCode, elapsedMs };
}
