// `schedule`: where would this Pod go in that cluster, and why?
import { parseArgs } from "node:util";
import { fieldErrorText } from "../api/fieldError.ts";
import { validateNewObject } from "../api/kinds/checks.ts";
import type { KubeObject } from "../api/object.ts";
import { gvk } from "../api/object.ts";
import { structure } from "../api/openapi/structure.ts";
import { decode, decodeFailure } from "../api/schema.ts";
import type { Pod, PriorityClass } from "../api/types.ts";
import { draft } from "../base/draft.ts";
import { loadConfiguration } from "../scheduler/config/load.ts";
import { defaultProfile } from "../scheduler/defaultProfile.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { ObjectLists } from "../scheduler/snapshotOf.ts";
import { type WhatIfAnswer, whatIf } from "../scheduler/whatIf.ts";
import { decisionSentences, nodeSentences, remedySentence } from "../tutor/schedulingSentences.ts";
import type { Command } from "./command.ts";
import { readDocuments, readObjects, UnreadableFile } from "./readObjects.ts";

const usage = `Usage: kubernetes-tutor schedule --snapshot FILE [--config FILE] [--seed N] [--output text|json] POD

  POD               a manifest with one Pod; - reads standard input
  --snapshot FILE   the cluster: nodes, pods and what else plugins read, e.g. from
                    kubectl get nodes,pods,pv,pvc,sc,services,namespaces -A -o yaml
  --config FILE     a KubeSchedulerConfiguration
  --seed N          draws among nodes that score the same
`;

/** Exit codes: 0 if the Pod fits somewhere, 1 if not, 2 if the question cannot be read. */
export const schedule: Command = (words) => {
  try {
    return answer(words);
  } catch (error) {
    if (!(error instanceof UnreadableFile) && !isArgumentError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
};

function answer(words: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      snapshot: { type: "string" },
      config: { type: "string" },
      seed: { type: "string", default: "1" },
      output: { type: "string", default: "text" },
    },
  });
  const [podPath, ...more] = positionals;
  const { snapshot, config, seed, output } = values;
  if (!snapshot || !podPath || more.length > 0 || !["text", "json"].includes(output)) {
    process.stderr.write(usage);
    return 2;
  }
  const objects = readObjects(snapshot);
  const question = {
    pod: onlyPod(podPath),
    objects: listsOf(objects),
    priorityClasses: objects.filter(({ kind }) => kind === "PriorityClass") as PriorityClass[],
    profiles: config === undefined ? [defaultProfile] : readProfiles(config),
    seed: Number(seed),
  };
  const result = whatIf(question);
  process.stdout.write(output === "json" ? jsonText(result) : plainText(result));
  return result.type === "decided" && result.outcome.type === "scheduled" ? 0 : 1;
}

function isArgumentError(error: unknown): error is Error {
  return (
    error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
  );
}

function onlyPod(path: string): Pod {
  const objects = readObjects(path);
  const [object] = objects;
  if (!object || objects.length > 1 || object.kind !== "Pod" || object.apiVersion !== "v1")
    throw new UnreadableFile(
      `${path} must hold one Pod, it holds ${objects.map(({ kind }) => kind).join(", ") || "nothing"}`,
    );
  return checkedPod(object, path);
}

/** The Pod as the API server would accept it. */
function checkedPod(object: KubeObject, path: string): Pod {
  const decoded = decode({ ...object }, "v1", "Pod");
  if (!decoded) throw new UnreadableFile(`${path}: no kind "Pod" is registered`);
  const failure = decodeFailure(gvk("", "v1", "Pod"), decoded.problems, true);
  if (failure !== undefined) throw new UnreadableFile(`${path}: ${failure}`);
  const errors = validateNewObject(draft(decoded.object));
  const [first] = errors;
  if (first) throw new UnreadableFile(`${path}: ${errors.map(fieldErrorText).join("\n")}`);
  return decoded.object as Pod;
}

/** Every object of a kind that plugins read, in the server's spelling, by plural. */
function listsOf(objects: readonly KubeObject[]): ObjectLists {
  const decoded = objects.flatMap((object) => {
    const plural = structure.kinds[`${object.apiVersion}/${object.kind}`]?.plural;
    const read = decode({ ...object }, object.apiVersion, object.kind)?.object ?? object;
    return plural === undefined ? [] : [{ plural, object: read }];
  });
  const plurals = new Set(decoded.map(({ plural }) => plural));
  return Object.fromEntries(
    [...plurals].map((plural) => [
      plural,
      decoded.filter((each) => each.plural === plural).map(({ object }) => object),
    ]),
  ) as ObjectLists;
}

function readProfiles(path: string): readonly Profile[] {
  const [value] = readDocuments(path);
  const loaded = loadConfiguration(value);
  if ("profiles" in loaded) return loaded.profiles;
  const lines = loaded.problems.map(({ message }) => message);
  throw new UnreadableFile(`${path}: ${lines.join("\n")}`);
}

function jsonText(result: WhatIfAnswer): string {
  if (result.type === "refused") return `${JSON.stringify(result, undefined, 2)}\n`;
  const { outcome, explanation, remedies, pod } = result;
  const { type, evaluatedNodes, feasibleNodes } = outcome;
  const shown = {
    outcome: type,
    evaluatedNodes,
    feasibleNodes,
    ...explanation,
    remedies,
    admittedPod: pod,
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

function plainText(result: WhatIfAnswer): string {
  if (result.type === "refused") return `${result.message}\n`;
  const { explanation, remedies, outcome } = result;
  const lines = [
    ...(outcome.type === "scheduled" ? [outcome.node] : [outcome.message]),
    "",
    ...decisionSentences(explanation),
    ...explanation.nodes.flatMap(nodeSentences).map((line) => `  ${line}`),
    ...scoreLines(explanation),
  ];
  if (remedies.length > 0)
    lines.push("", "What would help:", ...remedies.map((each) => `  ${remedySentence(each)}`));
  return `${lines.join("\n")}\n`;
}

function scoreLines({
  nodes,
}: Extract<WhatIfAnswer, { type: "decided" }>["explanation"]): string[] {
  const scored = nodes.filter(({ scores }) => scores.length > 0);
  return scored
    .toSorted((a, b) => b.total - a.total)
    .map(({ node, total, scores }) => {
      const parts = scores.map(({ plugin, weighted }) => `${plugin} ${weighted}`);
      return `  ${node}: ${total} (${parts.join(", ")})`;
    });
}
