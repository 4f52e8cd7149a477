import assert from "node:assert/strict";
import { runScript, type ScriptWorld } from "./runScript.ts";
import { readScriptTable } from "./scriptTable.ts";

const tables: readonly (readonly [string, string, ScriptWorld, readonly string[]])[] = [
  ["dash, as recorded from Debian's", "./tables/dash.txt", { userland: "debian" }, ["sh", "-c"]],
  ["bash, as recorded from Debian's", "./tables/bash.txt", { userland: "debian" }, ["bash", "-c"]],
  [
    "GNU's tools, as recorded from Debian's",
    "./tables/gnu.txt",
    { userland: "debian" },
    ["sh", "-c"],
  ],
  ["busybox", "./tables/busybox.txt", {}, ["sh", "-c"]],
];

for (const [claim, file, world, start] of tables)
  describe(claim, () => {
    for (const { script, stdout, stderr, code, elapsed } of readScriptTable(file))
      it(script, () => {
        const end = runScript(script, { ...world, argv: [...start, script] });
        assert.deepEqual(
          {
            stdout: end.stdout,
            stderr: end.stderr,
            code: end.code,
            elapsed: `${end.elapsedMs} ms`,
          },
          { stdout, stderr, code, elapsed },
        );
      });
  });
