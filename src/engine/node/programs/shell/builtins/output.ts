// Builtins that also exist as programs: echo, printf, test, pwd.
import type { Steps } from "../../../steps.ts";
import { echoText } from "../../escapes.ts";
import { printfText } from "../../printfText.ts";
import { evaluateTest, TestError } from "../../testExpression.ts";
import { testWorld } from "../conditional.ts";
import { ShellError } from "../control.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const outputBuiltins = {
  echo: (shell, args) => print(shell, echoText(args, shell.dialect)),
  printf: (shell, args) => runPrintf(shell, args),
  test: (shell, args) => runTest(shell, args, "test"),
  "[": (shell, args) => {
    if (args.at(-1) === "]") return runTest(shell, args.slice(0, -1), "[");
    if (shell.dialect === "ash") shell.say(`${shell.start.name}: missing ]`);
    else shell.complain(shell.isBash ? "missing `]'" : "missing ]", "[");
    return 2;
  },
  pwd: (shell, args) =>
    print(shell, `${args[0] === "-P" ? shell.process.files.realPath(shell.cwd) : shell.cwd}\n`),
} satisfies Record<string, Builtin>;

function* print(shell: Shell, text: string): Steps<number> {
  if (!shell.streams.get(1)?.sink) {
    shell.complain("write error: Bad file descriptor", "echo");
    return 1;
  }
  yield* shell.out(text);
  return 0;
}

function* runPrintf(shell: Shell, args: readonly string[]): Steps<number> {
  const isToVariable = args[0] === "-v" && shell.isBash;
  const [format, ...rest] = isToVariable ? args.slice(2) : args[0] === "--" ? args.slice(1) : args;
  if (format === undefined) {
    const usage = shell.isBash
      ? "usage: printf [-v var] format [arguments]"
      : "usage: printf format [arg ...]";
    throw new ShellError(usage, 2, "printf");
  }
  const { text, invalid } = printfText(format, rest);
  for (const one of invalid) complainNumber(shell, one);
  if (isToVariable) shell.assign(args[1] ?? "", text);
  else yield* shell.out(text);
  return invalid.length > 0 ? 1 : 0;
}

function complainNumber(shell: Shell, text: string): void {
  if (shell.dialect === "ash") shell.say(`${shell.start.name}: invalid number '${text}'`);
  else
    shell.complain(
      `${text}: ${shell.isBash ? "invalid number" : "expected numeric value"}`,
      "printf",
    );
}

function runTest(shell: Shell, args: readonly string[], name: string): number {
  try {
    return evaluateTest(args, testWorld(shell)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    const message = testMessage(shell, error);
    // To busybox' test, it is the shell that complains.
    if (shell.dialect === "ash") shell.say(`${shell.start.name}: ${message}`);
    else shell.complain(message, name);
    return 2;
  }
}

function testMessage(shell: Shell, { kind, operand, binaryOperator }: TestError): string {
  const words = {
    ash: {
      badNumber: `${operand}: bad number`,
      unknownOperand: `${binaryOperator ?? operand}: unknown operand`,
      missingOperand: "argument expected",
    },
    dash: {
      badNumber: `Illegal number: ${operand}`,
      unknownOperand: `${operand}: unexpected operator`,
      missingOperand: "argument expected",
    },
    bash: {
      badNumber: `${operand}: integer expression expected`,
      unknownOperand: unknownToBash(operand, binaryOperator),
      missingOperand: "argument expected",
    },
  };
  return words[shell.dialect][kind];
}

function unknownToBash(operand: string, operator: string | undefined): string {
  return operator?.startsWith("-")
    ? `${operator}: binary operator expected`
    : `${operand}: unary operator expected`;
}
