// Whatever a script says, it ends or waits within bounds, and never breaks its surroundings.
import assert from "node:assert/strict";
import fc from "fast-check";
import { runScript } from "./runScript.ts";

const word = fc.constantFrom(
  "a",
  "$x",
  '"$x"',
  `\${x:-b}`,
  `\${x#a}`,
  `\${#x}`,
  "$(echo b)",
  "`echo c`",
  "$((x+1))",
  "$((1/0))",
  "*",
  "/bin/*",
  "'q q'",
  '"a b"',
  "\\$",
  "$@",
  "{1..3}",
  "~",
  "$?",
  "[",
  "]",
  "-n",
  "=",
  "/tmp/w/f",
  "/nonexist/x",
);
const name = fc.constantFrom(
  "echo",
  "test",
  "[",
  "cd",
  "cat",
  "true",
  "false",
  "read x",
  "set -e",
  "set --",
  "shift",
  "export",
  "x=1",
  "eval",
  "exec",
  "exit",
  "trap 'echo t' EXIT",
  "wait",
  "kill $$",
  "sed s/a/b/",
  "grep a",
  "awk '{print $1}'",
  "head -1",
  "sleep 1",
  "yes",
  "seq 5",
  "printf '%s\\n'",
  "break",
  "return",
  "local",
  "xargs",
  "sort",
  "tr a b",
  "find .",
  "tar cf -",
  "ls",
  "wc",
  "nosuch",
);
const redirect = fc.constantFrom(
  "",
  "",
  "",
  " >f",
  " <f",
  " 2>&1",
  " >>f",
  " <<E\n$x\nE\n",
  " >/dev/null",
  " 3>&1",
);
const simple = fc
  .tuple(name, fc.array(word, { maxLength: 3 }), redirect)
  .map(([first, words, end]) => [first, ...words].join(" ") + end);
const { script } = fc.letrec<{ script: string; command: string }>((tie) => ({
  command: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    simple,
    fc.tuple(tie("command"), tie("command")).map(([a, b]) => `${a} | ${b}`),
    fc.tuple(tie("command"), tie("command")).map(([a, b]) => `${a} && ${b}`),
    fc.tuple(tie("command"), tie("command")).map(([a, b]) => `if ${a}\nthen ${b}\nfi`),
    fc.tuple(tie("command"), tie("command")).map(([a, b]) => `while ${a}\ndo ${b}\ndone`),
    tie("command").map((a) => `for i in 1 2 $x; do ${a}\ndone`),
    tie("command").map((a) => `(${a}\n)`),
    tie("command").map((a) => `{ ${a}\n}`),
    tie("command").map((a) => `f() { ${a}\n}; f a`),
    tie("command").map((a) => `case $x in a*) ${a}\n;; *) :;; esac`),
    tie("command").map((a) => `${a} &`),
    tie("command").map((a) => `x=$(${a}\n)`),
    tie("command").map((a) => `! ${a}`),
  ),
  script: fc.array(tie("command"), { maxLength: 4 }).map((commands) => commands.join("\n")),
}));

/** Of the clock: the bounds of a loop show within seconds. */
const patience = 500;

function runsWithinBounds(text: string, argv: readonly string[]): void {
  const { code } = runScript(text, {
    argv,
    stdin: "line one\nline two\n",
    patienceMs: patience,
  });
  assert.ok(code === undefined || (code >= 0 && code <= 255));
  assert.notEqual(code, 139, `${text} broke`);
}

describe("shells, whatever they are told", () => {
  for (const shell of ["sh", "bash"])
    it(`${shell} runs any commands within bounds`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(script, (text) => runsWithinBounds(text, [shell, "-c", text])),
        { numRuns: 15, seed: 7 },
      );
    });

  it("texts that are no scripts are refused, not stumbled over", function () {
    this.timeout(60_000);
    const piece = fc.constantFrom(
      "$(",
      ")",
      "${",
      "}",
      "((",
      "))",
      "`",
      '"',
      "'",
      "<<X\n",
      ";;",
      "&&",
      "|",
      "if",
      "fi",
      "do",
      "done",
      "case",
      "in",
      "esac",
      "{",
      "(",
      "\n",
      " ",
      "\\",
      "a",
      "=",
      "<",
      ">",
      "&",
      "!",
      "#",
      "[[",
      "]]",
      "*",
      "$",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        runsWithinBounds(text, ["sh", "-c", text]);
        runsWithinBounds(text, ["bash", "-c", text]);
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it("any bytes may be read from standard input as a script", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const { code } = runScript("", { argv: ["sh"], stdin: text, patienceMs: patience });
        assert.notEqual(code, 139);
      }),
      { numRuns: 100, seed: 13 },
    );
  });

  const tools = fc.constantFrom(
    "sed",
    "awk",
    "grep",
    "grep -E",
    "expr",
    "find",
    "printf",
    "tr",
    "cut",
    "test",
    "date",
    "tar",
    "sort",
    "head",
    "tail",
    "xargs",
    "dd",
    "seq",
    "ls",
    "stat",
    "od",
    "wget",
    "curl",
    "nc",
    "nslookup",
    "dig",
    "env",
    "timeout",
  );
  it("tools take any arguments", function () {
    this.timeout(60_000);
    const argument = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        "-n",
        "-e",
        "-c",
        "1",
        "0",
        "-1",
        "a*",
        "(",
        "[",
        "\\(",
        "s/a/b/",
        "{print}",
        "%d",
        "/etc/passwd",
        "--help",
        "+5",
        "99999999999",
        "x=1",
      ),
    );
    fc.assert(
      fc.property(tools, fc.array(argument, { maxLength: 4 }), (tool, args) => {
        const argv = [...tool.split(" "), ...args];
        const { code } = runScript("", { argv, stdin: "a b\nc\n", patienceMs: patience });
        assert.notEqual(code, 139, JSON.stringify(argv));
      }),
      { numRuns: 150, seed: 17 },
    );
  });

  for (const [claim, text] of [
    ["an endless loop", "while :; do :; done"],
    ["an endless loop that writes", "while :; do echo y; done"],
    ["a loop that doubles a variable", "x=a; while :; do x=$x$x; done"],
    ["a file that grows by itself", "echo a > f; cat f >> f"],
    ["a pattern that tries without end", `echo ${"a".repeat(200)} | grep -E '(a+)+(a+)+(a+)+b'`],
    ["an awk program without end", "awk 'BEGIN { while (1) x++ }'"],
    ["a sed script without end", "echo a | sed ':a;ba'"],
    ["functions without end", "f() { f; }; f"],
    ["shells within shells", "f() { (f); }; f"],
    ["substitutions within substitutions", "f() { x=$(f); }; f"],
    ["processes without end", "while :; do sleep 1000 & done"],
    ["a huge pattern of braces", "echo {1..99999999}"],
    ["a huge width", "printf '%999999999d' 1"],
    ["a huge count", "seq 1 1e12 > f"],
    ["a huge block", "dd if=/dev/zero of=f bs=1G count=1000"],
  ] as const)
    it(`${claim} is bounded`, function () {
      this.timeout(30_000);
      runScript(text, { patienceMs: patience });
    });
});
