// Field selectors: the text of `--field-selector`.
// Source: apimachinery pkg/fields/selector.go, kubernetes v1.34.
import type { SelectorError } from "./selector.ts";

/** One term of a field selector: an exact value, asked for or excluded. */
export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly isNegated: boolean;
}

/** Reads "status.phase=Running,spec.nodeName!=". Source: fields.ParseSelector. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] | SelectorError {
  const requirements: FieldRequirement[] = [];
  for (const term of splitUnescaped(text)) {
    if (term === "") continue;
    const match = /^((?:[^\\=!]|\\.|!(?!=))*?)(!=|==|=)((?:[^\\]|\\.)*)$/s.exec(term);
    if (!match) return { error: `invalid selector: '${text}'; can't understand '${term}'` };
    const value = unescapeValue(match[3] ?? "");
    if (typeof value !== "string") return value;
    requirements.push({ field: match[1] ?? "", value, isNegated: match[2] === "!=" });
  }
  return requirements;
}

/** Whether an object whose fields `read` gives meets all requirements. */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  read: (field: string) => string,
): boolean {
  return requirements.every(({ field, value, isNegated }) => (read(field) === value) !== isNegated);
}

function splitUnescaped(text: string): string[] {
  return text.match(/(?:[^\\,]|\\[\s\S])+/g) ?? [];
}

function unescapeValue(text: string): string | SelectorError {
  let value = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === "\\") {
      const next = text[++i] ?? "";
      if (!["\\", ",", "="].includes(next))
        return { error: `invalid field selector: invalid escape sequence: \\${next}` };
      value += next;
    } else if (char === "=")
      return { error: `invalid field selector: unescaped character in value: =` };
    else value += char;
  }
  return value;
}
