import assert from "node:assert/strict";
import { utf8Bytes } from "../../../../../src/base/utf8.ts";
import { Pipe } from "../../../../../src/engine/node/process/byteStream.ts";
import type { Executable } from "../../../../../src/engine/node/process/process.ts";
import { collector, container, type ScriptWorld } from "../runScript.ts";

/** A shell on a terminal: what it shows for lines that are typed. */
function session(world: ScriptWorld = {}, argv: readonly string[] = ["sh"]) {
  const { clock, table } = container(world);
  const init: Executable = function* () {
    yield { until: () => ({ dispose: () => undefined }) };
    return 0;
  };
  const first = table.start(init, { argv: ["pause"] });
  const keys = new Pipe();
  const screen = collector();
  const program = first.find(`/bin/${argv[0]}`);
  assert.ok(program);
  const shell = table.start(
    program,
    {
      argv,
      env: new Map([
        ["PATH", "/bin"],
        ["HOME", "/root"],
      ]),
      stdin: keys.source,
      stdout: screen.sink,
      stderr: screen.sink,
      terminal: { columns: 80, rows: 24 },
      ...(world.user ? { user: world.user } : {}),
    },
    1,
  );
  return {
    shell,
    clock,
    screen: () => screen.text(),
    type: (text: string) => {
      keys.write(utf8Bytes(text));
      clock.run(1);
    },
    end: () => {
      keys.end();
      clock.run(1);
    },
  };
}

describe("a shell that somebody talks to", () => {
  it("shows where it is, runs lines, and ends with the last one's code", () => {
    const { type, end, screen, shell } = session();
    type("echo hi\n");
    type("cd /tmp\n");
    type("false\n");
    end();
    assert.equal(screen(), "/ # hi\n/ # /tmp # /tmp # ");
    assert.equal(shell.exitCode, 1);
  });

  it("waits for the rest of a command, and survives mistakes", () => {
    const { type, screen, shell } = session();
    type("for i in 1 2\n");
    type("do echo $i; done\n");
    type("fi\n");
    type(`echo \${x:?no x}\n`);
    type("nosuch\n");
    type("exit 3\n");
    assert.equal(
      screen(),
      `/ # > 1\n2\n/ # sh: syntax error: unexpected "fi"\n/ # sh: x: no x\n/ # sh: nosuch: not found\n/ # `,
    );
    assert.equal(shell.exitCode, 3);
  });

  it("lets go of a command on Ctrl-C", () => {
    const { type, screen, shell, clock } = session();
    type("sleep 100\n");
    shell.kill("SIGINT");
    clock.run(1);
    type("echo $?\n");
    assert.equal(screen(), "/ # / # 130\n/ # ");
  });

  it("is no root's everywhere", () => {
    const { screen } = session({ user: { uid: 1000, gid: 1000, groups: [] } });
    assert.equal(screen(), "/ $ ");
  });

  it("is Debian's, too", () => {
    assert.equal(session({ userland: "debian" }).screen(), "# ");
    assert.equal(session({ userland: "debian" }, ["bash"]).screen(), "root@web:/# ");
  });

  it("reads its script from what is piped into it", () => {
    const { clock, table } = container();
    const init: Executable = function* () {
      yield { until: () => ({ dispose: () => undefined }) };
      return 0;
    };
    const first = table.start(init, { argv: ["pause"] });
    const screen = collector();
    const input = new Pipe();
    const program = first.find("/bin/sh");
    assert.ok(program);
    const shell = table.start(program, {
      argv: ["sh"],
      env: new Map([["PATH", "/bin"]]),
      stdin: input.source,
      stdout: screen.sink,
      stderr: screen.sink,
    });
    input.write("read line\nthis line is data\necho got $line\nexit 4\n");
    clock.run(1);
    assert.equal(screen.text(), "got this line is data\n");
    assert.equal(shell.exitCode, 4);
  });
});
