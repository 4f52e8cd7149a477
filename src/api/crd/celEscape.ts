// Names of fields as expressions spell them. Source: apiserver pkg/cel/escaping.go, kubernetes v1.34.

const reserved: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return".split(
    " ",
  ),
);
const spellings: Readonly<Record<string, string>> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};
const meanings = new Map(Object.entries(spellings).map(([text, spelling]) => [spelling, text]));

/** "x-y" → "x__dash__y"; undefined for names that expressions can't spell. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => spellings[part] ?? part);
}

/** The inverse of `escapeName`; undefined for a spelling of nothing. */
export function unescapeName(spelling: string): string | undefined {
  let isBroken = false;
  const name = spelling.replace(/__(\w*?)__/g, (whole, word: string) => {
    const meaning =
      meanings.get(whole) ?? (whole === spelling && reserved.has(word) ? word : undefined);
    if (meaning === undefined) isBroken = true;
    return meaning ?? "";
  });
  return isBroken ? undefined : name;
}
