// Compares the scheduler with recordings of the real kube-scheduler, line by line of JSON. The format
// is described beside the recordings, in test/conformance/scheduler/FORMAT.md.

import { admitPriority } from "../api/kinds/pod/admitPriority.ts";
import { setPodDefaults } from "../api/kinds/pod/defaults.ts";
import { addDefaultTolerations } from "../api/kinds/pod/defaultTolerations.ts";
import { applyMatchLabelKeys } from "../api/kinds/pod/matchLabelKeys.ts";
import type { NodeExplanation } from "../api/schedulingExplanation.ts";
import type { Pod, PriorityClass, StorageClass } from "../api/types.ts";
import { type Draft, draft, freeze } from "../base/draft.ts";
import { Random } from "../base/random.ts";
import type { SchedulerCache } from "../scheduler/cache.ts";
import { defaultProfile } from "../scheduler/defaultProfile.ts";
import { explainPod } from "../scheduler/explain.ts";
import type { PostFilterResult, Verdict } from "../scheduler/framework.ts";
import type { NodeStatuses } from "../scheduler/nodeStatuses.ts";
import { podInfoOf } from "../scheduler/podInfo.ts";
import { preEnqueue, preFiltersAlone, runPreFilters, runtimeOf } from "../scheduler/runtime.ts";
import { type Outcome, scheduleOne } from "../scheduler/schedule.ts";
import type { Snapshot } from "../scheduler/snapshot.ts";
import { cacheOf, type ObjectLists } from "../scheduler/snapshotOf.ts";
import { firstDifference } from "./jsonDifference.ts";

export interface ConformanceFailure {
  readonly name: string;
  readonly area: string;
  /** The first place where the answers differ, and both answers there. */
  readonly difference: string;
}

export interface ConformanceResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly ConformanceFailure[];
}

type Json = Readonly<Record<string, unknown>>;

interface Line {
  readonly name: string;
  readonly area: string;
  readonly case: {
    readonly objects: ObjectLists & { readonly priorityclasses?: readonly PriorityClass[] };
    readonly pod?: Pod;
    readonly pods?: readonly Pod[];
  };
  readonly expected: Json | readonly Json[];
}

const runtime = runtimeOf(defaultProfile);
/** The recordings looked at all nodes. */
const profile = { ...defaultProfile, percentageOfNodesToScore: 100 };

/** Runs every case; a case that throws has failed. */
export function runSchedulerConformance(lines: Iterable<string>): ConformanceResult {
  const failures: ConformanceFailure[] = [];
  let passed = 0;
  for (const text of lines) {
    if (text.trim() === "") continue;
    const line = JSON.parse(text) as Line;
    const difference = differenceOf(line);
    if (difference === undefined) passed++;
    else failures.push({ name: line.name, area: line.area, difference });
  }
  return { passed, failed: failures.length, failures };
}

function differenceOf(line: Line): string | undefined {
  try {
    return firstDifference(normalize(line.expected), normalize(answer(line)));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function answer({ case: { objects, pod, pods } }: Line): unknown {
  const cache = cacheOf(freeze(withStorageDefaults(objects)));
  const classes = objects.priorityclasses ?? [];
  if (pods) return pods.map((each) => answerNext(cache, admit(each, classes)));
  return pod ? answerOne(cache.snapshot(), admit(pod, classes)) : undefined;
}

/** storage/v1 defaulting, which the recordings leave to the reader. */
function withStorageDefaults(objects: ObjectLists): ObjectLists {
  const { storageclasses } = objects;
  if (!storageclasses) return objects;
  const filled = storageclasses.map(
    (each): StorageClass => ({
      ...each,
      reclaimPolicy: each.reclaimPolicy ?? "Delete",
      volumeBindingMode: each.volumeBindingMode ?? "Immediate",
    }),
  );
  return { ...objects, storageclasses: filled };
}

/** What the API server makes of a Pod that a user sends. */
function admit(raw: Pod, classes: readonly PriorityClass[]): Pod {
  const pod: Draft<Pod> = draft(raw);
  pod.metadata.uid ??= `uid-${pod.metadata.namespace}-${pod.metadata.name}`;
  setPodDefaults(pod);
  admitPriority(pod, classes);
  addDefaultTolerations(pod);
  applyMatchLabelKeys(pod);
  return freeze(pod as Pod);
}

function answerOne(snapshot: Snapshot, pod: Pod): Json {
  const gate = preEnqueue(runtime, podInfoOf(pod));
  if (gate.code !== "Success") return { admittedPod: pod, preEnqueue: gate };
  const cycle = { pod: podInfoOf(pod), snapshot, random: new Random(1) };
  const preFilter: Record<string, unknown> = {};
  if (snapshot.nodes.length > 0)
    for (const [plugin, result] of preFiltersAlone(runtime, cycle)) {
      if (!("verdict" in result)) preFilter[plugin] = { code: "Success", ...namesOf(result.nodes) };
      else if (result.verdict.code !== "Skip") preFilter[plugin] = result.verdict;
    }
  const explanation = explainPod({ pod, snapshot, profile, random: new Random(1) });
  const alone: Record<string, unknown> = {};
  for (const { node, verdicts } of explanation.nodes) {
    const rejections = verdicts.filter(({ code }) => code !== "Success");
    if (rejections.length > 0)
      alone[node] = Object.fromEntries(
        rejections.map(({ plugin, code, reasons }) => [plugin, { code, reasons }]),
      );
  }
  return { ...answerCycle(snapshot, pod), admittedPod: pod, preFilter, alone };
}

function answerNext(cache: SchedulerCache, pod: Pod): Json {
  const snapshot = cache.snapshot();
  const cycle = answerCycle(snapshot, pod);
  const [bound] = cycle.top as readonly string[];
  if (bound !== undefined) cache.assumePod(pod, bound);
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  return { ...cycle, pod: name, ...(bound === undefined ? {} : { bound }) };
}

/** The fields that both kinds of case have. */
function answerCycle(snapshot: Snapshot, pod: Pod): Json {
  const input = { pod, snapshot, profile, random: new Random(1) };
  const { nodes, top, scorePlugins } = explainPod(input);
  const outcome = scheduleOne(input);
  const preFilter = snapshot.nodes.length > 0 ? runPreFilters(runtime, cycleOf(input)) : undefined;
  const isNominated = outcome.type === "scheduled" && outcome.isNominated;
  const rejections = nodes.flatMap(({ node, rejection }) =>
    rejection ? [{ node, rejection }] : [],
  );
  const feasible = nodes.filter((node) => node.feasible);
  return {
    preFilterResult:
      preFilter && (preFilter.status.code !== "Success" || preFilter.nodes)
        ? { ...pick(preFilter.status), ...namesOf(preFilter.nodes) }
        : undefined,
    feasible: feasible.map(({ node }) => node).sort(),
    filter: Object.fromEntries(
      rejections.map(({ node, rejection }) => [
        node,
        { ...rejection, ...by(rejection.plugin, preFilter?.status) },
      ]),
    ),
    viaNominatedNode: isNominated ? outcome.node : undefined,
    score:
      isNominated || !feasible[0]?.scores.length ? undefined : scoresOf(feasible, scorePlugins),
    top: [...top].sort(),
    ...failureOf(outcome, snapshot),
  };
}

function cycleOf({ pod, snapshot, random }: { pod: Pod; snapshot: Snapshot; random: Random }) {
  return { pod: podInfoOf(pod), snapshot, random };
}

function pick({ code, reasons }: Verdict): Json {
  return { code, reasons };
}

function namesOf(nodes: ReadonlySet<string> | undefined): Json {
  if (!nodes) return {};
  return nodes.size === 0 ? { noNodes: true } : { nodes: [...nodes].sort() };
}

/** Why Filter was not run on a node. */
function by(plugin: string, preFilter: Verdict | undefined): Json {
  if (preFilter && preFilter.code !== "Success") return { by: "PreFilter" };
  return plugin === "" ? { by: "PreFilterResult" } : {};
}

function scoresOf(nodes: readonly NodeExplanation[], scorePlugins: readonly string[]): Json {
  const columns = nodes[0]?.scores ?? [];
  const plugins = columns.map(({ plugin }) => plugin);
  return {
    plugins,
    weights: columns.map(({ weight }) => weight),
    skipped: scorePlugins.filter((plugin) => !plugins.includes(plugin)),
    nodes: Object.fromEntries(
      nodes.map(({ node, scores, total }) => [
        node,
        {
          raw: scores.map(({ raw }) => raw),
          norm: scores.map(({ normalized }) => normalized),
          total,
        },
      ]),
    ),
  };
}

function failureOf(outcome: Outcome, { nodes }: Snapshot): Json {
  if (outcome.type === "scheduled") return {};
  if (outcome.type === "error") return { message: outcome.message, messageKind: "Error" };
  const { message, plugins, postFilter } = outcome;
  if (nodes.length === 0) return { message, messageKind: "NoNodes" };
  return {
    message,
    messageKind: "FitError",
    unschedulablePlugins: plugins,
    preemption: postFilter && preemptionOf(postFilter),
  };
}

function preemptionOf({ verdict, nominatedNode, report }: PostFilterResult): Json {
  const nominated = nominatedNode && report?.best.map(({ node }) => node).sort()[0];
  return {
    ...pick(verdict),
    candidates: report
      ? Object.fromEntries(
          report.candidates.map(({ node, victims, pdbViolations }) => [
            node,
            {
              pods: victims.map(({ key }) => key),
              numPDBViolations: pdbViolations === 0 ? undefined : pdbViolations,
            },
          ]),
        )
      : undefined,
    nodeStatuses: report && statusesOf(report.statuses),
    best: report?.best.map(({ node }) => node).sort(),
    nominated: nominated || undefined,
    clearNominated: nominatedNode === "" ? true : undefined,
  };
}

function statusesOf(statuses: NodeStatuses): Json {
  return Object.fromEntries([...statuses].map(([node, status]) => [node, status]));
}

/** Drops what is empty: the recordings leave it out. */
function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(value)) {
    const item = normalize(raw);
    if (!isEmpty(item, name)) result[name] = item;
  }
  return result;
}

/** Empty selectors mean something; other empty values don't. */
function isEmpty(value: unknown, name: string): boolean {
  if (value === undefined || value === "") return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(value).length === 0 && !/[sS]elector$|^emptyDir$/.test(name);
}
