// The cheapest look at a text: is it worth loading the YAML reader for?

const firstCharacters = 1_000_000;
const version = /^[ \t]*["']?apiVersion["']?[ \t]*:/m;
const kind = /^[ \t]*["']?kind["']?[ \t]*:/m;
const jsonVersion = /"apiVersion"\s*:/;
const jsonKind = /"kind"\s*:/;

/** True if the text has an apiVersion and a kind, as manifests do. Reads no YAML. */
export function looksLikeManifest(text: string): boolean {
  const start = text.slice(0, firstCharacters);
  if (start.trimStart().startsWith("{")) return jsonVersion.test(start) && jsonKind.test(start);
  return version.test(start) && kind.test(start);
}

/** True if nothing but comments and the beginning of a word is written yet. */
export function looksBlank(text: string): boolean {
  const said = text.slice(0, firstCharacters).replace(/^(?:[ \t]*#.*|---[ \t]*)$/gm, "");
  return /^\w*$/.test(said.trim());
}
