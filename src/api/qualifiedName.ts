// The grammar of label keys, resource names and taint keys: "name" or "example.com/name".
// Source: apimachinery util/validation.IsQualifiedName, kubernetes v1.34.

const namePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const wholeName = new RegExp(`^${namePattern}$`);
const nameExamples = "(e.g. 'MyName',  or 'my.name',  or '123-abc'";
const nameRule = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${nameExamples}, regex used for validation is '${namePattern}')`;
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomainPattern = `${label}(\\.${label})*`;
const wholeSubdomain = new RegExp(`^${subdomainPattern}$`);
const subdomainRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomainPattern}')`;
const longestName = 63;
const longestSubdomain = 253;

/** What is wrong with a qualified name, in the API server's words; empty if nothing is. */
export function qualifiedNameErrors(text: string): string[] {
  const parts = text.split("/");
  if (parts.length > 2)
    return [
      `a qualified name ${nameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const [prefix, rest] = parts.length === 2 ? parts : [undefined, parts[0]];
  return [...prefixErrors(prefix), ...nameErrors(rest ?? "")];
}

export function isQualifiedName(text: string): boolean {
  return qualifiedNameErrors(text).length === 0;
}

function prefixErrors(prefix: string | undefined): string[] {
  if (prefix === undefined) return [];
  if (prefix === "") return ["prefix part must be non-empty"];
  const errors: string[] = [];
  if (prefix.length > longestSubdomain)
    errors.push(`prefix part must be no more than ${longestSubdomain} characters`);
  if (!wholeSubdomain.test(prefix)) errors.push(`prefix part ${subdomainRule}`);
  return errors;
}

function nameErrors(rest: string): string[] {
  const errors: string[] = [];
  if (rest === "") errors.push("name part must be non-empty");
  else if (rest.length > longestName)
    errors.push(`name part must be no more than ${longestName} characters`);
  if (!wholeName.test(rest)) errors.push(`name part ${nameRule}`);
  return errors;
}
