// The programs that shells have built in too, and the smallest of the others.
import type { Steps } from "../../steps.ts";
import { echoText } from "../escapes.ts";
import { printfText } from "../printfText.ts";
import { evaluateTest, TestError } from "../testExpression.ts";
import type { Tool, Tools } from "./tool.ts";

export const basicTools = {
  true: () => 0,
  false: () => 1,
  clear: () => 0,
  echo: (tool, args) => print(tool, echoText(args, tool.isBusybox ? "ash" : "bash")),
  printf,
  test: (tool, args) => runTest(tool, args),
  "[": (tool, args) => {
    if (args.at(-1) === "]") return runTest(tool, args.slice(0, -1));
    tool.complain(tool.isBusybox ? "missing ]" : "missing ']'");
    return 2;
  },
  pwd: (tool) => print(tool, `${tool.process.cwd}\n`),
  tty: (tool) =>
    tool.process.terminal ? print(tool, "/dev/pts/0\n") : print(tool, "not a tty\n", 1),
} satisfies Tools;

function* print(tool: Tool, text: string, status = 0): Steps<number> {
  yield* tool.write(text);
  return status;
}

function* printf(tool: Tool, args: readonly string[]): Steps<number> {
  const [format, ...rest] = args;
  if (format === undefined) return tool.usage("FORMAT [ARG]...");
  const { text, invalid } = printfText(format, rest);
  yield* tool.write(text);
  for (const one of invalid)
    tool.complain(
      tool.isBusybox ? `invalid number '${one}'` : `'${one}': expected a numeric value`,
    );
  return invalid.length > 0 ? 1 : 0;
}

function runTest(tool: Tool, args: readonly string[]): number {
  const { process, files } = tool;
  try {
    const world = {
      files,
      user: process.user,
      path: (name: string) => tool.path(name),
      isTerminal: () => process.terminal !== undefined,
    };
    return evaluateTest(args, world) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    const { kind, operand, binaryOperator = operand } = error;
    const words = {
      badNumber: tool.isBusybox ? `${operand}: bad number` : `invalid integer '${operand}'`,
      unknownOperand: tool.isBusybox
        ? `${binaryOperator}: unknown operand`
        : `extra argument '${binaryOperator}'`,
      missingOperand: tool.isBusybox ? "argument expected" : `missing argument after '${operand}'`,
    };
    tool.complain(words[kind]);
    return 2;
  }
}
