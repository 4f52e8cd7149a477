// Command line flags as Go's libraries take them: --name=value, --name value, -name=value.

export interface Flags {
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** @param switches flags that take no word after them */
export function flagsOf(args: readonly string[], switches: readonly string[] = []): Flags {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const flag = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(arg);
    if (arg === "--") return { values, rest: [...rest, ...args.slice(at + 1)] };
    if (!flag?.[1]) rest.push(arg);
    else if (flag[2] !== undefined) values.set(flag[1], flag[2]);
    else if (switches.includes(flag[1])) values.set(flag[1], "true");
    else values.set(flag[1], args[++at] ?? "");
  }
  return { values, rest };
}

export function numberFlag({ values }: Flags, name: string, otherwise: number): number {
  const value = Number(values.get(name) ?? otherwise);
  return Number.isFinite(value) ? value : otherwise;
}
