// Rules for names, labels, ports and the like: each returns the server's complaints about a text.
// Source: apimachinery pkg/util/validation, kubernetes v1.34. Lengths are in UTF-8 bytes, as in Go.

/** What is wrong with a text; empty if nothing is. */
export type TextRule = (value: string) => readonly string[];

const fine: readonly string[] = [];
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const underscoredLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const underscoredSubdomain = `${underscoredLabel}(\\.${underscoredLabel})*`;
const label1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const wildcardSubdomain = `\\*\\.${subdomain}`;
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValue = `(${qualified})?`;
const percent = "[0-9]+%";
const headerName = "[-A-Za-z0-9]+";
const configKey = "[-._a-zA-Z0-9]+";
const cIdentifier = "[A-Za-z_][A-Za-z0-9_]*";

const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const qualifiedWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** The number of bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair takes four bytes: two for each half.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}

export function maxLengthError(length: number): string {
  return `must be no more than ${length} characters`;
}

export function inclusiveRangeError(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

function patternError(words: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${words} (regex used for validation is '${pattern}')`;
  const listed = examples.map((example) => `'${example}', `).join(" or ");
  return `${words} (e.g. ${listed}regex used for validation is '${pattern}')`;
}

interface PatternRule {
  readonly pattern: string;
  readonly words: string;
  readonly examples: readonly string[];
  readonly maxLength?: number;
}

function patternRule({ pattern, words, examples, maxLength }: PatternRule): TextRule {
  const whole = new RegExp(`^(?:${pattern})$`);
  const mismatch = patternError(words, pattern, ...examples);
  return (value) => {
    const matches = whole.test(value);
    const fits = maxLength === undefined || byteLength(value) <= maxLength;
    if (matches && fits) return fine;
    return [...(fits ? [] : [maxLengthError(maxLength)]), ...(matches ? [] : [mismatch])];
  };
}

export const dnsSubdomain: TextRule = patternRule({
  pattern: subdomain,
  words: subdomainWords,
  examples: ["example.com"],
  maxLength: 253,
});

export const dnsSubdomainWithUnderscore: TextRule = patternRule({
  pattern: underscoredSubdomain,
  words:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
  maxLength: 253,
});

export const wildcardDnsSubdomain: TextRule = patternRule({
  pattern: wildcardSubdomain,
  words:
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  examples: ["*.example.com"],
  maxLength: 253,
});

export const dns1035Label: TextRule = patternRule({
  pattern: label1035,
  words:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ["my-name", "abc-123"],
  maxLength: 63,
});

const plainDnsLabel = patternRule({
  pattern: label,
  words:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
  maxLength: 63,
});
const subdomainPattern = new RegExp(`^${subdomain}$`);
const labelPattern = new RegExp(`^${label}$`);

/** RFC 1123 label; a subdomain is told apart from what is no name at all. */
export const dnsLabel: TextRule = (value) => {
  if (!labelPattern.test(value) && subdomainPattern.test(value))
    return [...(byteLength(value) > 63 ? [maxLengthError(63)] : []), "must not contain dots"];
  return plainDnsLabel(value);
};

const qualifiedPart = patternRule({
  pattern: qualified,
  words: qualifiedWords,
  examples: ["MyName", "my.name", "123-abc"],
});

/** A label key and everything that is spelt like one: "name" or "prefix.example.com/name". */
export const qualifiedName: TextRule = (value) => {
  const parts = value.split("/");
  if (parts.length > 2) {
    const words = `a qualified name ${qualifiedPart("/")[0] ?? ""}`;
    return [`${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const [prefix, name] = parts.length === 2 ? parts : [undefined, value];
  const errors: string[] = [];
  if (prefix === "") errors.push("prefix part must be non-empty");
  else if (prefix !== undefined)
    errors.push(...dnsSubdomain(prefix).map((error) => `prefix part ${error}`));
  if (!name) errors.push("name part must be non-empty");
  else if (byteLength(name) > 63) errors.push(`name part ${maxLengthError(63)}`);
  errors.push(...qualifiedPart(name ?? "").map((error) => `name part ${error}`));
  return errors;
};

export const conditionReason: TextRule = patternRule({
  pattern: "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?",
  words:
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  examples: ["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"],
});

export const labelValueRule: TextRule = patternRule({
  pattern: labelValue,
  words:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
  maxLength: 63,
});

export const cIdentifierRule: TextRule = patternRule({
  pattern: cIdentifier,
  words:
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  examples: ["my_name", "MY_NAME", "MyName"],
});

export const percentRule: TextRule = patternRule({
  pattern: percent,
  words: "a valid percent string must be a numeric string followed by an ending '%'",
  examples: ["1%", "93%"],
});

export const httpHeaderName: TextRule = patternRule({
  pattern: headerName,
  words: "a valid HTTP header must consist of alphanumeric characters or '-'",
  examples: ["X-Header-Name"],
});

const configKeyPattern = patternRule({
  pattern: configKey,
  words: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ["key.name", "KEY_NAME", "key-name"],
  maxLength: 253,
});

/** A key of a ConfigMap or Secret. */
export const configMapKey: TextRule = (value) => [
  ...configKeyPattern(value),
  ...directoryErrors(value),
];

function directoryErrors(value: string): readonly string[] {
  if (value === "." || value === "..") return [`must not be '${value}'`];
  return value.startsWith("..") ? ["must not start with '..'"] : fine;
}

/** Relaxed since 1.34: any printable ASCII but "=". */
export const envVarName: TextRule = (value) => {
  if (value === "") return ["environment variable name must be non-empty"];
  return /^[ -<>-~]*$/.test(value)
    ? fine
    : [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];
};

export const portName: TextRule = (value) => {
  const errors: string[] = [];
  if (byteLength(value) > 15) errors.push(maxLengthError(15));
  if (!/^[-a-z0-9]+$/.test(value))
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(value)) errors.push("must contain at least one letter (a-z)");
  if (value.includes("--")) errors.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-"))
    errors.push("must not begin or end with a hyphen");
  return errors;
};

export function portNumberErrors(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? fine : [inclusiveRangeError(1, 65535)];
}

const maxId = 2147483647;

/** User and group ids. */
export function idErrors(id: number): readonly string[] {
  return id >= 0 && id <= maxId ? fine : [inclusiveRangeError(0, maxId)];
}

/** A name that may stand in a URL's path: RBAC objects. Source: path.ValidatePathSegmentName. */
export const pathSegment: TextRule = (value) => {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"].filter((c) => value.includes(c)).map((c) => `may not contain '${c}'`);
};

/** The rule for a `generateName`: a trailing dash is fine, for something follows it. */
export function prefixRule(rule: TextRule): TextRule {
  return (value) => rule(value.endsWith("-") ? `${value.slice(0, -2)}a` : value);
}
