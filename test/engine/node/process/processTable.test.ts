import assert from "node:assert/strict";
import { Random } from "../../../../src/base/random.ts";
import { utf8Text } from "../../../../src/base/utf8.ts";
import { VirtualClock } from "../../../../src/engine/clock.ts";
import { Pipe, readAll } from "../../../../src/engine/node/process/byteStream.ts";
import {
  directory,
  programFile,
  regularFile,
} from "../../../../src/engine/node/process/fileNode.ts";
import { FileSystem } from "../../../../src/engine/node/process/fileSystem.ts";
import { FileTree, Mounts } from "../../../../src/engine/node/process/mounts.ts";
import type { Executable } from "../../../../src/engine/node/process/process.ts";
import { ProcessTable } from "../../../../src/engine/node/process/processTable.ts";
import { pause } from "../../../../src/engine/node/steps.ts";
import type { Usage } from "../../../../src/engine/node/usage.ts";

const sleepsForTen: Executable = function* () {
  yield pause(10_000, "sleep");
  return 3;
};
const says: Executable = function* ({ argv, stdout }) {
  yield pause(1, "think");
  stdout.write(`${argv.join(" ")}\n`);
  return 0;
};

function world(limits: Partial<Usage> = {}) {
  const clock = new VirtualClock(0);
  const bin = directory([
    ["says", programFile(says)],
    ["script", regularFile("#!/bin/says -x\n", { mode: 0o755 })],
    ["data", regularFile("x")],
  ]);
  const files = new FileSystem(
    new Mounts([
      { path: "/", tree: new FileTree(directory([["bin", bin]]), "overlay", () => clock.now()) },
    ]),
    { uid: 0, gid: 0, groups: [] },
  );
  const table = new ProcessTable({
    clock,
    random: () => new Random(1),
    hostname: "web",
    openNetwork: () => assert.fail("no test connects"),
    files: () => files,
    limits,
  });
  return { clock, table };
}

const init: Executable = function* () {
  yield { until: () => ({ dispose: () => undefined }) };
  return 0;
};

describe("processes of a container", () => {
  it("take the time they wait for, and return their exit code", () => {
    const { clock, table } = world();
    const process = table.start(sleepsForTen, { argv: ["sleep", "10"] });
    clock.run(9_999);
    assert.equal(process.exitCode, undefined);
    clock.run(1);
    assert.equal(process.exitCode, 3);
    assert.deepEqual(table.list(), []);
  });

  it("PID 1 pays no heed to signals it has no handler for; others end with 128 + n", () => {
    const { table } = world();
    const first = table.start(init, { argv: ["init"] });
    const second = table.start(sleepsForTen, { argv: ["sleep"] });
    table.signal(1, "SIGTERM", "outside");
    table.signal(1, "SIGKILL", "inside");
    table.signal(2, "SIGTERM");
    assert.deepEqual([first.exitCode, second.exitCode], [undefined, 143]);
    table.signal(1, "SIGKILL", "outside");
    assert.equal(first.exitCode, 137);
  });

  it("all end with PID 1", () => {
    const { clock, table } = world();
    table.start(sleepsForTen, { argv: ["a"] });
    const other = table.start(init, { argv: ["b"] });
    clock.run(10_000);
    assert.equal(other.exitCode, 137);
  });

  it("handlers run, and what they wake goes on", () => {
    const { clock, table } = world();
    const graceful: Executable = function* (process) {
      let stop: (() => void) | undefined;
      process.onSignal("SIGTERM", () => stop?.());
      yield {
        until: (resume) => {
          stop = resume;
          return { dispose: () => undefined };
        },
      };
      return 0;
    };
    const process = table.start(graceful, { argv: ["server"] });
    clock.run(5);
    table.signal(1, "SIGTERM", "outside");
    clock.run(1);
    assert.equal(process.exitCode, 0);
  });

  it("can end themselves", () => {
    const { table } = world();
    table.start(init, { argv: ["init"] });
    const suicidal: Executable = function* ({ pid, processes }) {
      processes.signal(pid, "SIGTERM");
      yield pause(1, "never over");
      return 0;
    };
    assert.equal(table.start(suicidal, { argv: ["x"] }).exitCode, 143);
  });

  it("pipe bytes to each other; the reader sees the end when the writer ends", () => {
    const { clock, table } = world();
    let heard: string | undefined;
    const parent: Executable = function* (process) {
      const pipe = new Pipe();
      const program = process.find("says");
      assert.ok(program);
      process.spawn(program, { argv: ["says", "hello"], stdout: pipe.sink });
      heard = utf8Text(yield* readAll(pipe.source));
      return 0;
    };
    const process = table.start(parent, { argv: ["parent"] });
    clock.run(10);
    assert.deepEqual([heard, process.exitCode], ["says hello\n", 0]);
  });

  it("run scripts by their first line, and find nothing that may not be executed", () => {
    const { clock, table } = world();
    const pipe = new Pipe();
    const parent: Executable = function* (process) {
      const script = process.find("script");
      assert.ok(script);
      assert.equal(process.find("data"), undefined);
      return yield* process.spawn(script, { argv: ["script", "a"] }).wait();
    };
    table.start(parent, { argv: ["sh"], stdout: pipe.sink });
    clock.run(10);
    const read = pipe.read().next();
    assert.equal(utf8Text(read.value as Uint8Array), "/bin/says -x /bin/script a\n");
  });

  it("who writes to nobody ends as by SIGPIPE; an unexpected file ends with 1 and a word", () => {
    const { table } = world();
    const errors = new Pipe();
    const pipe = new Pipe();
    pipe.abandon();
    const yes: Executable = function* ({ stdout }) {
      stdout.write("y\n");
      yield pause(1, "");
      return 0;
    };
    const reads: Executable = function* ({ files }) {
      files.read("/none");
      yield pause(1, "");
      return 0;
    };
    table.start(init, { argv: ["init"] });
    assert.equal(table.start(yes, { argv: ["yes"], stdout: pipe.sink }).exitCode, 141);
    assert.equal(table.start(reads, { argv: ["reads"], stderr: errors.sink }).exitCode, 1);
    const said = errors.read().next().value as Uint8Array;
    assert.equal(utf8Text(said), "reads: /none: No such file or directory\n");
  });

  it("compute longer where a limit throttles them", () => {
    const { clock, table } = world({ cpuMillis: 250 });
    const computes: Executable = function* (process) {
      yield* process.compute(100);
      return 0;
    };
    const process = table.start(computes, { argv: ["pi"] });
    clock.run(399);
    assert.equal(process.exitCode, undefined);
    clock.run(1);
    assert.equal(process.exitCode, 0);
  });

  it("are killed together once they take more memory than the limit", () => {
    const { table } = world({ memoryBytes: 100 });
    const first = table.start(init, { argv: ["init"] });
    const second = table.start(init, { argv: ["grows"] });
    second.use({ cpuMillis: 0, memoryBytes: 101 });
    assert.deepEqual([first.exitCode, second.exitCode], [137, 137]);
  });
});
