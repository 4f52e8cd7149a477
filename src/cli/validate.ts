// `validate`: what the API server would say of manifests, for CI.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { check } from "../language/diagnostics.ts";
import type { Problem } from "../language/problem.ts";
import type { Command } from "./command.ts";

const usage = `Usage: kubernetes-tutor validate [--output text|json|sarif] FILE|DIR|- ...

  FILE is checked as kubectl would read it; of a DIR, every .yaml, .yml and .json file that holds
  Kubernetes manifests; - reads standard input.
`;

interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Problem["severity"];
  readonly code: string;
  readonly path?: string;
  readonly message: string;
}

/** Exit codes: 0 without errors, 1 with, 2 if something cannot be read. */
export const validate: Command = (words) => {
  const { values, positionals } = parse(words);
  const { output } = values;
  const format = Object.hasOwn(formats, output) ? formats[output] : undefined;
  if (!format || positionals.length === 0) {
    process.stderr.write(usage);
    return 2;
  }
  const findings: Finding[] = [];
  let isUnreadable = false;
  for (const path of positionals.flatMap(filesOf)) {
    const text = readText(path.file);
    if (text === undefined) isUnreadable = true;
    else findings.push(...findingsOf(path, text));
  }
  process.stdout.write(format(findings));
  if (isUnreadable) return 2;
  return findings.some(({ severity }) => severity === "error") ? 1 : 0;
};

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { output: { type: "string", short: "o", default: "text" } },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return { values: { output: "" }, positionals: [] };
  }
}

interface InputFile {
  readonly file: string;
  /** Named by the user, so that it must be a manifest; not just found in a folder. */
  readonly isNamed: boolean;
}

function filesOf(path: string): readonly InputFile[] {
  const isFolder =
    path !== "-" && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
  if (!isFolder) return [{ file: path, isNamed: true }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !/[\\/](node_modules|\.git)[\\/]/.test(file))
    .sort()
    .map((file) => ({ file, isNamed: false }));
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : error}\n`);
    return undefined;
  }
}

function findingsOf({ file, isNamed }: InputFile, text: string): readonly Finding[] {
  const lines = lineStarts(text);
  return check(text, { assumesManifest: isNamed }).map((problem) => {
    const start = positionOf(lines, problem.start);
    const end = positionOf(lines, problem.end);
    const { severity, code, path, message } = problem;
    return {
      file,
      ...start,
      endLine: end.line,
      endColumn: end.column,
      severity,
      code,
      ...(path === undefined ? {} : { path }),
      message,
    };
  });
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(starts: readonly number[], offset: number): { line: number; column: number } {
  const index = starts.findLastIndex((start) => start <= offset);
  return { line: index + 1, column: offset - (starts[index] ?? 0) + 1 };
}

const formats: Readonly<Record<string, (findings: readonly Finding[]) => string>> = {
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

/** SARIF 2.1.0, as code hosts read it. */
function sarif(findings: readonly Finding[]) {
  const rules = [...new Set(findings.map(({ code }) => code))].map((id) => ({ id }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "kubernetes-tutor", rules } },
        results: findings.map(({ file, code, severity, message, ...place }) => ({
          ruleId: code,
          level: severity,
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.replaceAll("\\", "/") },
                region: {
                  startLine: place.line,
                  startColumn: place.column,
                  endLine: place.endLine,
                  endColumn: place.endColumn,
                },
              },
            },
          ],
        })),
      },
    ],
  };
}
