import assert from "node:assert/strict";
import type { Container } from "../../../src/api/types.ts";
import { catalogImage, taggedSize } from "../../../src/engine/node/imageCatalog.ts";
import { fullImageName, parseImageName } from "../../../src/engine/node/imageName.ts";
import { programFor } from "../../../src/engine/node/imagePrograms.ts";

function run(image: string, container: Partial<Container> = {}, env: Record<string, string> = {}) {
  const name = parseImageName(image);
  const known = "error" in name ? undefined : catalogImage(name.repository);
  return programFor({
    ...(known ? { image: known } : {}),
    container: { name: "app", image, ...container },
    env,
  });
}

function shell(script: string, env: Record<string, string> = {}) {
  return run("busybox", { command: ["sh", "-c", script] }, env);
}

const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

describe("image references", () => {
  for (const [text, expected] of [
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["hashicorp/http-echo", "docker.io/hashicorp/http-echo:latest"],
    ["registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"],
    ["localhost:5000/a/b:c", "localhost:5000/a/b:c"],
    [`nginx@sha256:${"a".repeat(64)}`, `docker.io/library/nginx@sha256:${"a".repeat(64)}`],
  ] as const)
    it(`${text} is ${expected}`, () => {
      const name = parseImageName(text);
      assert.equal("error" in name ? name.error : fullImageName(name), expected);
    });

  for (const text of ["", "Nginx", "nginx:", "a b", "nginx:la/test", "-nginx", "f".repeat(64)])
    it(`${JSON.stringify(text)} is none`, () => assert.ok("error" in parseImageName(text)));
});

describe("tags of well-known images", () => {
  for (const [repository, good, bad] of [
    [
      "docker.io/library/nginx",
      [
        "latest",
        "1.27",
        "1.27.3",
        "1.14.2",
        "1.16.1",
        "1",
        "alpine",
        "1.27-alpine",
        "stable-alpine",
        "1.29.1-alpine3.22",
      ],
      ["1.161", "9.9", "1.27-foo", "lastest", "1.300"],
    ],
    ["docker.io/library/redis", ["7", "7.4", "7.4.1", "alpine", "8-alpine"], ["77", "7.9"]],
    ["docker.io/library/postgres", ["17", "17.4", "16-alpine", "13.3"], ["99", "alpine-17"]],
    ["docker.io/library/busybox", ["1.28", "1.36.1", "stable", "musl"], ["2", "1.99"]],
    ["docker.io/library/python", ["3", "3.12-slim", "3.12.4-slim-bookworm"], ["4", "3.99"]],
    ["registry.k8s.io/etcd", ["3.6.4-0"], ["2.0"]],
  ] as const)
    it(repository, () => {
      const image = catalogImage(repository);
      assert.ok(image);
      for (const tag of good) assert.ok(taggedSize(image, tag), `${tag} exists`);
      for (const tag of bad) assert.equal(taggedSize(image, tag), undefined, `${tag} does not`);
    });
});

describe("a container's program", () => {
  for (const [claim, script, after, exitCode, lines] of [
    ["echo and exit", "echo hi; sleep 2; exit 3", 2_000, 3, ["hi"]],
    ["and-lists", "true && echo yes || echo no", 0, 0, ["yes"]],
    ["or-lists", "false || echo no; false", 0, 1, ["no"]],
    ["a counted loop", "for i in 1 2 3; do echo $i; sleep 1; done", 3_000, 0, ["1", "2", "3"]],
    [
      "a loop with a counter",
      'i=0; while [ $i -lt 3 ]; do echo "n=$i"; i=$((i+1)); done',
      3,
      0,
      ["n=0", "n=1", "n=2"],
    ],
    ["conditions", "if [ -f /x ]; then echo a; else echo b; fi", 0, 0, ["b"]],
    [
      "files",
      "touch /x; if test -e /x; then echo a; fi; cat /y",
      0,
      1,
      ["a", "cat: can't open '/y': No such file or directory"],
    ],
    ["redirections", "echo hidden > /tmp/f; cat /tmp/f && echo ok", 0, 0, ["ok"]],
    ["quotes", `echo 'a  $X' "b $X"`, 0, 0, ["a  $X b 5"]],
    ["comments and lines", "# first\necho a # trailing\n\necho b", 0, 0, ["a", "b"]],
    ["background and wait", "sleep 5 & echo now; wait", 5_000, 0, ["now"]],
    ["exec", "exec sleep 4", 4_000, 0, []],
    ["a shell within", "sh -c 'exit 7'; echo $?", 0, 0, ["7"]],
    ["sequences", "for i in $(seq 2 4); do echo $i; done", 0, 0, ["2", "3", "4"]],
  ] as const)
    it(`sh -c: ${claim}`, () => {
      const program = shell(script, { X: "5" });
      assert.deepEqual(program.exit, { after, exitCode });
      assert.deepEqual(texts(program.logs(after, 100)), lines);
    });

  it("an endless loop never ends, and its log grows with time", () => {
    const program = shell("while true; do echo tick; sleep 1; done");
    assert.equal(program.exit, undefined);
    assert.equal(program.logs(9_500, 1_000).length, 10);
    assert.equal(program.logs(3_600_000, 5).length, 5);
  });

  it("busybox without a command ends at once, with a terminal it stays", () => {
    assert.deepEqual(run("busybox").exit, { after: 0, exitCode: 0 });
    assert.equal(run("busybox", { stdin: true, tty: true }).exit, undefined);
  });

  for (const [claim, image, container, port, status] of [
    ["nginx serves port 80", "nginx:1.27", {}, 80, 200],
    ["and no other", "nginx:1.27", {}, 8080, undefined],
    [
      "http-echo where it is told to",
      "hashicorp/http-echo",
      { args: ["-listen=:8080", "-text=hi"] },
      8080,
      200,
    ],
    [
      "python's server on its port",
      "python:3.13",
      { command: ["python", "-m", "http.server", "9000"] },
      9000,
      200,
    ],
    [
      "agnhost netexec",
      "registry.k8s.io/e2e-test-images/agnhost:2.56",
      { args: ["netexec", "--http-port=8083"] },
      8083,
      200,
    ],
    ["an unknown image serves whatever is asked", "example.com/shop:1", {}, 1234, 200],
    ["redis speaks no HTTP", "redis:8", {}, 6379, undefined],
    [
      "sh may start a server",
      "nginx:1.27",
      { command: ["sh", "-c", "nginx -g 'daemon off;'"] },
      80,
      200,
    ],
  ] as const)
    it(claim, () => assert.equal(run(image, container).httpStatus(port, "/", 60_000), status));

  it("a server listens only once it has started", () => {
    const program = run("mysql:8.4", {}, { MYSQL_ROOT_PASSWORD: "x" });
    assert.deepEqual([program.serves(3306, 1_000), program.serves(3306, 10_000)], [false, true]);
  });

  for (const [claim, image, container, reaction] of [
    ["nginx obeys SIGQUIT", "nginx:1.27", {}, 0],
    [
      "python as PID 1 does not heed SIGTERM",
      "python:3.13",
      { command: ["python", "app.py"] },
      undefined,
    ],
    ["nor does a shell", "busybox", { command: ["sh", "-c", "sleep 100"] }, undefined],
    [
      "unless it has a trap",
      "busybox",
      { command: ["sh", "-c", "trap 'exit 4' TERM; sleep 100"] },
      4,
    ],
  ] as const)
    it(claim, () => assert.equal(run(image, container).onStop?.exitCode, reaction));
});
