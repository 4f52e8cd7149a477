// Runs a profile's plugins at each extension point for one Pod.
// Source: kubernetes v1.34 pkg/scheduler/framework/runtime/framework.go
import { FilterRun } from "./filterRun.ts";
import {
  type Cycle,
  failed,
  fits,
  isRejection,
  type Plugin,
  type PostFilterResult,
  type PreFilterResult,
  rejected,
  type Status,
  type Verdict,
} from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeStatuses } from "./nodeStatuses.ts";
import type { PodInfo } from "./podInfo.ts";
import type { Profile, ProfilePlugin } from "./profile.ts";

/** A profile's plugins by extension point, in order. */
export class Runtime {
  readonly preEnqueue: readonly Plugin[];
  readonly preFilter: readonly Plugin[];
  readonly filter: readonly Plugin[];
  readonly postFilter: readonly Plugin[];
  readonly score: readonly ProfilePlugin[];
  readonly reserve: readonly Plugin[];
  readonly bind: readonly Plugin[];

  constructor(readonly profile: Profile) {
    const at = (point: keyof Profile["points"]): readonly Plugin[] =>
      profile.points[point].map(({ plugin }) => plugin);
    this.preEnqueue = at("preEnqueue");
    this.filter = at("filter");
    // Filter needs what PreFilter makes: a profile that enables the one gets the other.
    const orphans = this.filter.filter((plugin) => plugin.preFilter);
    this.preFilter = [...new Set([...at("preFilter"), ...orphans])];
    this.postFilter = at("postFilter");
    this.score = profile.points.score;
    this.reserve = at("reserve");
    this.bind = at("bind");
  }
}

const runtimes = new WeakMap<Profile, Runtime>();

/** The runtime of a profile; profiles are constants, so it is made once. */
export function runtimeOf(profile: Profile): Runtime {
  let runtime = runtimes.get(profile);
  if (!runtime) {
    runtime = new Runtime(profile);
    runtimes.set(profile, runtime);
  }
  return runtime;
}

/** Whether a Pod may enter the queue: the first plugin that holds it back, or `fits`. */
export function preEnqueue(runtime: Runtime, pod: PodInfo): Status {
  for (const plugin of runtime.preEnqueue) {
    const verdict = plugin.preEnqueue?.(pod) ?? fits;
    if (verdict !== fits) return { plugin: plugin.name, ...verdict };
  }
  return fits;
}

export interface PreFilterOutcome {
  readonly status: Status;
  /** The filters that may reject a node, ready to run. */
  readonly run: FilterRun;
  /** The only nodes in question, if plugins have restricted them. */
  readonly nodes?: ReadonlySet<string>;
  /** The plugins that restricted the nodes. */
  readonly restrictedBy: readonly string[];
  /** The plugins that have nothing to say of this Pod. */
  readonly skipped: ReadonlySet<string>;
  /** False if a plugin ended the phase before the later ones were run. */
  readonly isComplete: boolean;
}

/** Runs PreFilter: each plugin's state, or the rejection of the Pod as a whole. */
export function runPreFilters(runtime: Runtime, cycle: Cycle): PreFilterOutcome {
  const answers = askPreFilters(runtime, cycle);
  const { states, skipped } = answers;
  const filters = runtime.filter.filter(
    (plugin) => !skipped.has(plugin.name) && (plugin.concerns?.(cycle) ?? true),
  );
  const filterStates = filters.map((plugin) => states.get(plugin));
  return { ...answers, run: new FilterRun(cycle, filters, filterStates) };
}

interface PreFilterAnswers extends Omit<PreFilterOutcome, "run"> {
  readonly states: ReadonlyMap<Plugin, unknown>;
}

function askPreFilters(runtime: Runtime, cycle: Cycle): PreFilterAnswers {
  const states = new Map<Plugin, unknown>();
  const skipped = new Set<string>();
  const restrictedBy: string[] = [];
  let nodes: ReadonlySet<string> | undefined;
  let status: Status = fits;
  let isComplete = true;
  for (const plugin of runtime.preFilter) {
    const result = plugin.preFilter?.(cycle);
    if (!result) continue;
    if ("verdict" in result) {
      if (result.verdict.code === "Skip") skipped.add(plugin.name);
      else status = preFilterStatus(plugin, result.verdict);
    } else {
      states.set(plugin, result.state);
      if (!result.nodes) continue;
      restrictedBy.push(plugin.name);
      nodes = intersection(nodes, result.nodes);
      if (nodes.size === 0) status = nothingLeft(restrictedBy);
    }
    // A rejection that preemption may undo lets the other plugins speak.
    isComplete = status === fits || status.code === "Unschedulable";
    if (!isComplete) break;
  }
  return { states, skipped, restrictedBy, status, isComplete, ...(nodes ? { nodes } : {}) };
}

function preFilterStatus({ name }: Plugin, verdict: Verdict): Status {
  if (isRejection(verdict)) return { plugin: name, ...verdict };
  const message = `running PreFilter plugin ${JSON.stringify(name)}: ${verdict.reasons.join(", ")}`;
  return { plugin: name, ...failed(message) };
}

function nothingLeft(plugins: readonly string[]): Verdict {
  return plugins.length === 1
    ? rejected.forGood(`node(s) didn't satisfy plugin ${plugins[0]}`)
    : rejected.forGood(`node(s) didn't satisfy plugin(s) [${sorted(plugins)}] simultaneously`);
}

/** What holds for the nodes that PreFilter left out. */
export function outsideRestriction({ restrictedBy }: PreFilterOutcome): Verdict {
  return rejected.forGood(`node(s) didn't satisfy plugin(s) [${sorted(restrictedBy)}]`);
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join(" ");
}

function intersection(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string>,
): ReadonlySet<string> {
  return a ? new Set([...a].filter((name) => b.has(name))) : b;
}

/** Every PreFilter plugin's answer on its own, whatever the others say. */
export function preFiltersAlone(
  runtime: Runtime,
  cycle: Cycle,
): ReadonlyMap<string, PreFilterResult<unknown>> {
  const results = new Map<string, PreFilterResult<unknown>>();
  for (const plugin of runtime.preFilter) {
    const result = plugin.preFilter?.(cycle);
    if (result) results.set(plugin.name, result);
  }
  return results;
}

/** Runs PostFilter, preemption above all, after no node was found. */
export function runPostFilters(
  runtime: Runtime,
  preFilter: PreFilterOutcome,
  statuses: NodeStatuses,
): PostFilterResult {
  const { run, isComplete } = preFilter;
  const input = { statuses, preFilterCompleted: isComplete, trial: () => run.fork() };
  const reasons: string[] = [];
  let last: PostFilterResult | undefined;
  for (const plugin of runtime.postFilter) {
    const result = plugin.postFilter?.(run.cycle, input);
    if (!result) continue;
    // Only an ordinary rejection lets the next plugin try.
    if (result.verdict.code !== "Unschedulable") return result;
    reasons.push(...result.verdict.reasons);
    if (result.nominatedNode !== undefined) last = result;
  }
  return { ...last, verdict: rejected(...reasons) };
}

/** Runs the filters on nodes one after another until enough of them fit. */
export function findFeasible(
  run: FilterRun,
  nodes: readonly NodeInfo[],
  { start, enough, statuses }: { start: number; enough: number; statuses: NodeStatuses },
): { feasible: NodeInfo[]; evaluated: number; error?: Verdict } {
  const feasible: NodeInfo[] = [];
  const count = nodes.length;
  let evaluated = 0;
  while (evaluated < count && feasible.length < enough) {
    const node = nodes[(start + evaluated) % count];
    evaluated++;
    if (!node) continue;
    const verdict = run.verdict(node);
    if (verdict === fits) feasible.push(node);
    else if (verdict.code === "Error") return { feasible, evaluated, error: verdict };
    else statuses.add(node.name, run.rejectedBy, verdict);
  }
  return { feasible, evaluated };
}

const fewestNodesToFind = 100;
const lowestPercentage = 5;

/** How many feasible nodes are enough. Source: numFeasibleNodesToFind, pkg/scheduler/schedule_one.go */
export function nodesToFind(percentageOfNodesToScore: number, nodes: number): number {
  if (nodes < fewestNodesToFind) return nodes;
  const adapted = Math.max(50 - Math.trunc(nodes / 125), lowestPercentage);
  const percentage = percentageOfNodesToScore || adapted;
  return Math.max(Math.trunc((nodes * percentage) / 100), fewestNodesToFind);
}
