// What a plain YAML scalar means to Kubernetes: YAML 1.1 as go-yaml v2 reads it (yes and on are
// booleans, 0644 is octal, 22:22 is text). Source: sigs.k8s.io/yaml goyaml.v2/resolve.go.

export type ScalarValue = string | number | bigint | boolean | null;

const words = new Map<string, ScalarValue>();
for (const word of ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
  words.set(word, true);
for (const word of ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
  words.set(word, false);
for (const word of ["", "~", "null", "Null", "NULL"]) words.set(word, null);

const float = /^[-+]?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?$/;
const pointFloat = /^\.[0-9]+([eE][-+]?[0-9]+)?$/;
const infinities = /^[-+]?\.(inf|Inf|INF)$/;
const notNumbers = /^\.(nan|NaN|NAN)$/;
const maxUint64 = 2n ** 64n - 1n;
const minInt64 = -(2n ** 63n);

/** Reads a scalar that is neither quoted nor tagged. */
export function plainScalar(text: string): ScalarValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  // "+", "-", "." or a digit: everything else is text.
  if (first !== 43 && first !== 45 && first !== 46 && (first < 48 || first > 57)) return text;
  return numberOf(text) ?? text;
}

function numberOf(text: string): number | bigint | undefined {
  if (infinities.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (notNumbers.test(text)) return Number.NaN;
  if (text.startsWith(".")) return pointFloat.test(text) ? Number(text) : undefined;
  const plain = text.replaceAll("_", "");
  const integer = integerOf(plain);
  if (integer !== undefined)
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  return float.test(plain) ? Number(plain) : undefined;
}

/** An integer with Go's prefixes: 0x, 0o, 0b, and a leading 0 for octal. */
function integerOf(text: string): bigint | undefined {
  const match = /^([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const digits = hex ?? binary ?? (octal === undefined ? decimal : `0o${octal}`);
  const magnitude = BigInt((digits ?? "0").toLowerCase());
  const value = sign === "-" ? -magnitude : magnitude;
  return value >= minInt64 && value <= maxUint64 ? value : undefined;
}

export type TagResult = { readonly value: ScalarValue } | { readonly error: string };

const shortTags: Readonly<Record<string, string>> = {
  "tag:yaml.org,2002:str": "!!str",
  "tag:yaml.org,2002:int": "!!int",
  "tag:yaml.org,2002:float": "!!float",
  "tag:yaml.org,2002:bool": "!!bool",
  "tag:yaml.org,2002:null": "!!null",
  "tag:yaml.org,2002:timestamp": "!!timestamp",
  "tag:yaml.org,2002:binary": "!!binary",
};

/** Reads a scalar with a tag; tags of other vocabularies leave it as text. */
export function taggedScalar(tag: string, text: string): TagResult {
  const wanted = shortTags[tag];
  if (wanted === undefined || wanted === "!!str" || wanted === "!!binary") return { value: text };
  const value = plainScalar(text);
  const found = tagOf(value);
  if (found === wanted || (wanted === "!!float" && found === "!!int")) return { value };
  if (wanted === "!!timestamp" && /^\d{4}-\d{1,2}-\d{1,2}/.test(text)) return { value: text };
  return { error: `cannot decode ${found} \`${text}\` as a ${wanted}` };
}

function tagOf(value: ScalarValue): string {
  if (value === null) return "!!null";
  if (typeof value === "boolean") return "!!bool";
  if (typeof value === "string") return "!!str";
  return typeof value === "bigint" || Number.isInteger(value) ? "!!int" : "!!float";
}
