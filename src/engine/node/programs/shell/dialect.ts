// What the shells of images say and how they differ: busybox' ash, Debian's dash, and bash.

export type Dialect = "ash" | "dash" | "bash";

/** Where a complaint comes from. */
export interface ComplaintPlace {
  /** $0. */
  readonly name: string;
  readonly builtin?: string | undefined;
  readonly line: number;
  readonly isInteractive: boolean;
  /** It runs a script from a file, rather than from -c or its input. */
  readonly isScriptFile: boolean;
}

/** What bash calls a text that it got by -c, where it can't be read. */
export const commandText = "-c";

/** What stands before a complaint, e.g. "sh: " or "dash: 1: cd: ". */
export function complaintPrefix(dialect: Dialect, place: ComplaintPlace): string {
  const { name, builtin, line, isInteractive, isScriptFile } = place;
  const within = builtin === undefined ? "" : `${builtin}: `;
  switch (dialect) {
    case "dash":
      return `${name}: ${line}: ${within}`;
    case "bash":
      if (builtin === commandText) return `${name}: ${builtin}: line ${line}: `;
      return isInteractive
        ? `${name.replace(/^.*\//, "")}: ${within}`
        : `${name}: line ${line}: ${within}`;
    case "ash": {
      const isLineKnown = (builtin !== undefined || isScriptFile) && !isInteractive;
      return `${name}: ${within}${isLineKnown ? `line ${line}: ` : ""}`;
    }
  }
}

/** The words that differ between the shells. `error` is the C library's. */
export const words = {
  notFound: (dialect: Dialect, name: string): string =>
    dialect === "bash"
      ? name.includes("/")
        ? `${name}: No such file or directory`
        : `${name}: command not found`
      : `${name}: not found`,
  isDirectory: (dialect: Dialect, name: string): string =>
    `${name}: ${dialect === "bash" ? "Is a directory" : "Permission denied"}`,
  cannotOpen: (dialect: Dialect, path: string, error: string): string => {
    if (dialect === "bash") return `${path}: ${error}`;
    const reason =
      error === noSuchFile ? (dialect === "ash" ? "no such file" : "No such file") : error;
    return `${dialect === "ash" ? "can't" : "cannot"} open ${path}: ${reason}`;
  },
  cannotCreate: (dialect: Dialect, path: string, error: string): string => {
    if (dialect === "bash") return `${path}: ${error}`;
    if (dialect === "dash")
      return `cannot create ${path}: ${error === noSuchFile ? "Directory nonexistent" : error}`;
    return `can't create ${path}: ${error === noSuchFile ? "nonexistent directory" : error}`;
  },
  unset: (dialect: Dialect, name: string): string =>
    `${name}: ${dialect === "bash" ? "unbound variable" : "parameter not set"}`,
  unsetOrNull: (dialect: Dialect, isNullMeant: boolean): string => {
    if (dialect === "bash") return isNullMeant ? "parameter null or not set" : "parameter not set";
    return isNullMeant ? "parameter not set or null" : "parameter not set";
  },
  readOnly: (dialect: Dialect, name: string): string =>
    `${name}: ${dialect === "bash" ? "readonly variable" : "is read only"}`,
  arithmetic: (dialect: Dialect, text: string, error: string): string => {
    if (dialect === "ash") return error === "syntax error" ? "arithmetic syntax error" : error;
    const reason =
      error === "divide by zero"
        ? dialect === "dash"
          ? "division by zero"
          : "division by 0"
        : error;
    if (dialect === "dash") {
      const said =
        error === "syntax error" ? `expecting primary: "${text}"` : `${reason}: "${text}"`;
      return `arithmetic expression: ${said}`;
    }
    const token = error === "divide by zero" ? "0" : text.trim();
    const said = error === "syntax error" ? "syntax error: operand expected" : reason;
    return `${text}: ${said} (error token is "${token}")`;
  },
  cannotFork: (dialect: Dialect): string =>
    dialect === "dash"
      ? "Cannot fork"
      : `${dialect === "ash" ? "can't fork" : "fork"}: Resource temporarily unavailable`,
  badNumber: (dialect: Dialect, text: string): string =>
    dialect === "bash" ? `${text}: numeric argument required` : `Illegal number: ${text}`,
  badName: (dialect: Dialect, text: string): string =>
    dialect === "bash"
      ? `\`${text}': not a valid identifier`
      : `${text.replace(/=.*$/s, "")}: bad variable name`,
} as const;

const noSuchFile = "No such file or directory";

/** What a shell ends with that meets an error in an expansion. */
export function fatalStatus(dialect: Dialect): number {
  return dialect === "bash" ? 1 : 2;
}

/** What a redirection that fails leaves in $?. */
export function redirectionStatus(dialect: Dialect): number {
  return dialect === "dash" ? 2 : 1;
}
