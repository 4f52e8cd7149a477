// Bash's [[ ... ]], which busybox knows too: no splitting, patterns and regular expressions.
import type { TestExpression } from "unbash";
import type { Steps } from "../../steps.ts";
import { Regex } from "../regex/regex.ts";
import { compareWords, type TestWorld, testUnary } from "../testExpression.ts";
import { ShellError } from "./control.ts";
import { expandArithmetic, expandPattern, expandText } from "./expansion.ts";
import type { Shell } from "./shell.ts";

export function* evaluateConditional(shell: Shell, expression: TestExpression): Steps<boolean> {
  switch (expression.type) {
    case "TestGroup":
      return yield* evaluateConditional(shell, expression.expression);
    case "TestNot": {
      const isTrue = yield* evaluateConditional(shell, expression.operand);
      return expression.negations.length % 2 === 1 ? !isTrue : isTrue;
    }
    case "TestLogical": {
      const isAnd = expression.operator === "&&";
      for (const operand of expression.operands)
        if ((yield* evaluateConditional(shell, operand)) !== isAnd) return !isAnd;
      return isAnd;
    }
    case "TestUnary": {
      const operand = yield* expandText(shell, expression.operand);
      if (expression.operator === "-v") return shell.parameter(operand) !== undefined;
      return testUnary(expression.operator, operand, testWorld(shell));
    }
    case "TestBinary":
      return yield* binary(shell, expression);
  }
}

function* binary(
  shell: Shell,
  { operator, left, right }: Extract<TestExpression, { type: "TestBinary" }>,
): Steps<boolean> {
  const first = yield* expandText(shell, left);
  if (operator === "=" || operator === "==" || operator === "!=")
    return (yield* expandPattern(shell, right)).matches(first) === (operator !== "!=");
  const second = yield* expandText(shell, right);
  if (operator === "=~") {
    const regex = Regex.of(second, { isExtended: true });
    if (typeof regex === "string") throw new ShellError(regex, 2);
    const groups = regex.exec(first)?.groups.map((group) => group ?? "");
    shell.assign("BASH_REMATCH", groups?.[0] ?? "", groups ?? []);
    return groups !== undefined;
  }
  if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator))
    return compareWords(first, operator, second, testWorld(shell));
  const a = yield* expandArithmetic(shell, first);
  const b = yield* expandArithmetic(shell, second);
  return compareWords(String(a), operator, String(b), testWorld(shell));
}

export function testWorld(shell: Shell): TestWorld {
  const { process } = shell;
  return {
    files: process.files,
    path: (name) => shell.path(name),
    user: process.user,
    isTerminal: (descriptor) => process.terminal !== undefined && descriptor <= 2,
  };
}
