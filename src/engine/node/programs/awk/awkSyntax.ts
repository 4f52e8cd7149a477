// Programs of awk as trees. Source: POSIX, awk, Grammar.

export type Expression =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "regex"; readonly pattern: string }
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "field"; readonly index: Expression }
  | { readonly type: "element"; readonly name: string; readonly subscripts: readonly Expression[] }
  | { readonly type: "in"; readonly name: string; readonly subscripts: readonly Expression[] }
  | { readonly type: "group"; readonly items: readonly Expression[] }
  | { readonly type: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly type: "step";
      readonly target: Target;
      readonly by: 1 | -1;
      readonly isPrefix: boolean;
    }
  | {
      readonly type: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: "match";
      readonly isNegated: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: "choice";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | {
      readonly type: "assign";
      readonly operator: string;
      readonly target: Target;
      readonly value: Expression;
    }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly type: "getline";
      readonly target?: Target;
      readonly file?: Expression;
      readonly command?: Expression;
    };

export type Target = Extract<Expression, { type: "variable" | "field" | "element" }>;

export interface Redirect {
  readonly operator: ">" | ">>" | "|";
  readonly to: Expression;
}

export type Statement =
  | { readonly type: "block"; readonly body: readonly Statement[] }
  | { readonly type: "expression"; readonly expression: Expression }
  | {
      readonly type: "print" | "printf";
      readonly args: readonly Expression[];
      readonly redirect?: Redirect;
    }
  | {
      readonly type: "if";
      readonly test: Expression;
      readonly then: Statement;
      readonly otherwise?: Statement;
    }
  | {
      readonly type: "loop";
      readonly start?: Statement;
      /** Absent: for ever. */
      readonly test?: Expression;
      readonly update?: Statement;
      readonly body: Statement;
      readonly isTestLast: boolean;
    }
  | {
      readonly type: "forIn";
      readonly key: string;
      readonly array: string;
      readonly body: Statement;
    }
  | { readonly type: "delete"; readonly name: string; readonly subscripts?: readonly Expression[] }
  | { readonly type: "jump"; readonly kind: "next" | "nextfile" | "break" | "continue" }
  | { readonly type: "exit" | "return"; readonly value?: Expression };

export type AwkPattern =
  | { readonly type: "begin" | "end" | "always" }
  | { readonly type: "test"; readonly test: Expression }
  | { readonly type: "range"; readonly from: Expression; readonly to: Expression };

export interface AwkRule {
  readonly pattern: AwkPattern;
  /** Absent: print the record. */
  readonly body?: Statement;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly AwkRule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

export class AwkError extends Error {}
