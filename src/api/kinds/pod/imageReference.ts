// Image references, as the container runtimes read them: [domain/]path[:tag][@digest].
// Source: distribution/reference and pkg/util/parsers, kubernetes v1.34.

const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const path = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const tag = "[\\w][\\w.-]{0,127}";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const reference = new RegExp(
  `^(?:${domain}/)?${path}(?:/${path})*(?::(?<tag>${tag}))?(?:@(?<digest>${digest}))?$`,
);
const identifier = /^[a-f0-9]{64}$/;

/**
 * The tag that a reference means: "latest" if it gives neither tag nor digest, "" if it gives only
 * a digest or is no reference at all.
 */
export function imageTag(image: string | undefined): string {
  if (!image || identifier.test(image)) return "";
  const groups = reference.exec(image)?.groups;
  if (!groups) return "";
  return groups.tag ?? (groups.digest === undefined ? "latest" : "");
}
