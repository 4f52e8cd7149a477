// How commands of a shell end other than by returning a status.

/** `exit`, or an error that a shell does not survive; ends the shell or subshell. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

/** `break` and `continue`, through so many loops. */
export class LoopJump extends Error {
  constructor(
    readonly kind: "break" | "continue",
    readonly levels: number,
  ) {
    super(kind);
  }
}

/** `return` from a function or a sourced file. */
export class Return extends Error {
  constructor(readonly status: number) {
    super("return");
  }
}

/** A mistake that ends a script and, where a person types, only the line. */
export class ShellError extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** The builtin that found it. */
    readonly builtin?: string,
    /** Where it is, if not where the shell is. */
    readonly line?: number,
  ) {
    super(message);
  }
}
