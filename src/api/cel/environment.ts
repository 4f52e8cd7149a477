// What expressions may use, and how they are compiled. Source: cel-go v0.26 cel/env.go and
// apiserver pkg/cel/environment/base.go, kubernetes v1.34.
import type { CelType } from "./celType.ts";
import { type Checked, check } from "./checker.ts";
import type { CelLibrary, FunctionDeclaration } from "./declaration.ts";
import { type Activation, type Evaluated, evaluate } from "./evaluator.ts";
import type { Expr } from "./expr.ts";
import { literalIssues } from "./literalChecks.ts";
import { expandMacros } from "./macros.ts";
import { parse } from "./parser.ts";
import { type CelIssue, issuesText } from "./source.ts";
import { type CelValue, TypeValue } from "./value.ts";

/** A compiled expression. */
export interface Compiled {
  readonly text: string;
  readonly expr: Expr;
  readonly checked: Checked;
  /** @param costLimit in cost units; an evaluation beyond it fails */
  evaluate(activation: Activation, costLimit?: number): Evaluated;
}

/** Why an expression does not compile: cel-go's issues with the places in the text. */
export interface CompileFailure {
  readonly issues: string;
}

/** What one evaluation may cost. Source: apiserver pkg/apis/cel/config.go PerCallLimit, 1.34. */
export const perCallLimit = 1_000_000;

export class CelEnvironment {
  private readonly functions = new Map<string, FunctionDeclaration>();
  private readonly variables: ReadonlyMap<string, CelType>;
  private readonly libraries: readonly CelLibrary[];

  constructor(libraries: readonly CelLibrary[], variables: Iterable<readonly [string, CelType]>) {
    this.libraries = libraries;
    this.variables = new Map(variables);
    for (const library of libraries)
      for (const declaration of library.functions) this.addFunction(declaration);
  }

  /** The same environment with more, or other, variables. */
  withVariables(variables: Iterable<readonly [string, CelType]>): CelEnvironment {
    return new CelEnvironment(this.libraries, [...this.variables, ...variables]);
  }

  withLibraries(libraries: readonly CelLibrary[]): CelEnvironment {
    return new CelEnvironment([...this.libraries, ...libraries], this.variables);
  }

  compile(text: string): Compiled | CompileFailure {
    const issues: CelIssue[] = [];
    const report = (issue: CelIssue) => issues.push(issue);
    const expr = expandMacros(parse(text, report), report);
    if (issues.length > 0) return { issues: issuesText(text, issues) };
    const checked = check(expr, this.declarations, report);
    if (issues.length === 0) issues.push(...literalIssues(expr));
    if (issues.length > 0) return { issues: issuesText(text, issues) };
    const program = { expr, checked };
    return {
      text,
      expr,
      checked,
      evaluate: (activation, costLimit = perCallLimit) =>
        evaluate(program, (name) => this.valueOf(name, activation), costLimit),
    };
  }

  private valueOf(name: string, activation: Activation): CelValue | undefined {
    const value = activation(name);
    return value === undefined ? this.typeNamed(name) : value;
  }

  /** Names of types are variables whose value is the type. */
  private typeNamed(name: string): TypeValue | undefined {
    return this.variables.get(name)?.kind === "type" ? new TypeValue(name) : undefined;
  }

  private get declarations() {
    return {
      variable: (name: string) => this.variables.get(name),
      function: (name: string) => this.functions.get(name),
    };
  }

  /** Libraries add overloads to functions of others. */
  private addFunction({ name, overloads }: FunctionDeclaration): void {
    const known = this.functions.get(name)?.overloads ?? [];
    this.functions.set(name, { name, overloads: [...known, ...overloads] });
  }
}

export function failed(result: Compiled | CompileFailure): result is CompileFailure {
  return "issues" in result;
}
