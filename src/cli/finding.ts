// What `validate` found, and how it is printed.

export interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: "error" | "warning" | "information";
  readonly code: string;
  readonly path?: string;
  readonly message: string;
  /** Where the subject of a rule is explained. */
  readonly link?: string;
}

export const formats: Readonly<Record<string, (findings: readonly Finding[]) => string>> = {
  text: (findings) =>
    findings
      .map(
        ({ file, line, column, severity, message, code }) =>
          `${file}:${line}:${column}: ${severity}: ${message} (${code})\n`,
      )
      .join(""),
  json: (findings) => `${JSON.stringify(findings, undefined, 2)}\n`,
  sarif: (findings) => `${JSON.stringify(sarif(findings), undefined, 2)}\n`,
};

const levels = { error: "error", warning: "warning", information: "note" } as const;

/** SARIF 2.1.0, as code hosts read it. */
function sarif(findings: readonly Finding[]) {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const linkOf = (code: string) => findings.find((finding) => finding.code === code)?.link;
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "kubernetes-tutor",
            informationUri: "https://github.com/kubernetes-tutor/kubernetes-tutor",
            rules: codes.map((id) => {
              const helpUri = linkOf(id);
              return { id, ...(helpUri === undefined ? {} : { helpUri }) };
            }),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, codes)),
      },
    ],
  };
}

function resultOf({ file, code, severity, message, ...place }: Finding, codes: readonly string[]) {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: {
            startLine: place.line,
            startColumn: place.column,
            endLine: place.endLine,
            endColumn: place.endColumn,
          },
        },
      },
    ],
  };
}

/** Relative as it was given; standard input has no address of its own. */
function uriOf(file: string): string {
  return file === "-" ? "stdin" : encodeURI(file.replaceAll("\\", "/")).replaceAll("#", "%23");
}
