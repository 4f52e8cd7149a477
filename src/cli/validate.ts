// `validate`: what the API server would say of manifests, for CI.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Range } from "../base/yaml/yamlTree.ts";
import { customKindsOf, definitionsIn } from "../language/customKinds.ts";
import { ruleText } from "../language/hintText.ts";
import { isKustomizationFile, readKustomization } from "../language/kustomization.ts";
import { ManifestChecker } from "../language/manifestChecker.ts";
import { type KnownObjects, ObjectIndex, together } from "../language/objectIndex.ts";
import { ClusterChecks } from "./clusterChecks.ts";
import type { Command } from "./command.ts";
import { type Finding, formats } from "./finding.ts";
import { clientOf } from "./kubeconfig.ts";

const usage = `Usage: kubernetes-tutor validate [OPTION...] FILE|DIR|- ...

  FILE is checked as kubectl would read it; of a DIR, every .yaml, .yml and .json file that holds
  Kubernetes manifests; - reads standard input.

  --output text|json|sarif   how findings are printed; text if absent
  --rules                    follows the editor's rules as well, about what a server would take
  --cluster KUBECONFIG       asks the cluster of the file's current context as well, by dry runs

  Exit codes: 0 without errors, 1 with, 2 if something cannot be read.
`;

export const validate: Command = async (words) => {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  const { values, positionals } = parse(words);
  const { output } = values;
  const format = Object.hasOwn(formats, output) ? formats[output] : undefined;
  if (!format || positionals.length === 0) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    const inputs = positionals.flatMap(filesOf).map(readInput);
    const readable = inputs.filter((input) => input !== undefined);
    const findings = await check(readable, values);
    process.stdout.write(format(findings));
    if (readable.length < inputs.length) return 2;
    return findings.some(({ severity }) => severity === "error") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
};

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        output: { type: "string", short: "o", default: "text" },
        rules: { type: "boolean", default: false },
        cluster: { type: "string" },
      },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return { values: { output: "", rules: false }, positionals: [] };
  }
}

interface InputFile {
  readonly file: string;
  /** Named by the user, so that it must be a manifest; not just found in a folder. */
  readonly isNamed: boolean;
}

interface Input extends InputFile {
  readonly text: string;
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

function readInput(input: InputFile): Input | undefined {
  const { file } = input;
  try {
    return { ...input, text: readFileSync(file === "-" ? 0 : file, "utf8") };
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : error}\n`);
    return undefined;
  }
}

/** Without a cluster nobody knows what exists beside the manifests. */
const unknown: KnownObjects = { knows: () => false, find: () => undefined, all: () => [] };

interface Choices {
  readonly rules?: boolean;
  /** Path of a kubeconfig. */
  readonly cluster?: string;
}

/** @throws Error if the cluster cannot be asked */
async function check(
  inputs: readonly Input[],
  { rules: followsRules = false, cluster: kubeconfig }: Choices,
): Promise<readonly Finding[]> {
  const cluster = kubeconfig === undefined ? undefined : new ClusterChecks(clientOf(kubeconfig));
  const kustomizations = inputs.filter(({ file }) => isKustomizationFile(basename(file)));
  const kustomized = kustomizations.map(({ file, text }) => ({ file, ...readKustomization(text) }));
  const fragments = new Set(
    kustomized.flatMap(({ file, fragments: paths }) =>
      paths.map((path) => join(dirname(file), path)),
    ),
  );
  const own = inputs.flatMap(({ text }) => definitionsIn(text));
  const custom = customKindsOf([...own, ...((await cluster?.definitions()) ?? [])]);
  const index = new ObjectIndex();
  for (const { file, text } of inputs) index.set(file, text);
  for (const { file, generated } of kustomized) index.put(file, generated);
  const known = followsRules && together(index, (await cluster?.objects()) ?? unknown);
  const checkers = [true, false].map((assumesManifest) => ({
    assumesManifest,
    checker: new ManifestChecker({ assumesManifest, custom }),
  }));
  const findings: Finding[] = [];
  for (const { file, isNamed, text } of inputs) {
    const checker = checkers.find(({ assumesManifest }) => assumesManifest === isNamed)?.checker;
    if (!checker || (!isNamed && fragments.has(file))) continue;
    const problems = checker.check(text);
    const rules = (known ? checker.checkRules(text, known) : []).map(
      ({ message, rule, ...rest }) => ({ ...rest, code: rule, message: ruleText(message) }),
    );
    const refused = ((await cluster?.refusals(text, problems, index)) ?? []).map(
      ({ message, range }) => ({ ...range, severity: "error" as const, code: "dryRun", message }),
    );
    findings.push(...[...problems, ...refused, ...rules].map(placing(file, text)));
  }
  return findings;
}

type Unplaced = Range &
  Pick<Finding, "code" | "message" | "path" | "link"> & {
    readonly severity: Finding["severity"] | "hint";
  };

function placing(file: string, text: string): (found: Unplaced) => Finding {
  const lines = lineStarts(text);
  return ({ start, end, severity, code, path, message, link }) => {
    const { line: endLine, column: endColumn } = positionOf(lines, end);
    return {
      file,
      ...positionOf(lines, start),
      endLine,
      endColumn,
      severity: severity === "hint" ? "information" : severity,
      code,
      ...(path === undefined ? {} : { path }),
      message,
      ...(link === undefined ? {} : { link }),
    };
  };
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
