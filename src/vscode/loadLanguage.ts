// Loads the YAML reader and the structure of all kinds when they are first needed.

type Language = typeof import("./languageEntry.ts");

let loading: Promise<Language> | undefined;

export function loadLanguage(): Promise<Language> {
  loading ??= import("./languageEntry.ts");
  return loading;
}
