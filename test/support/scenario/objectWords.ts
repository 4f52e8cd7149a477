// Reads what a fact says of an object: `phase=Running`, `Ready.reason=X`, `metadata.labels.app`, `shows~=Err*`.
import { isPodReady } from "../../../src/api/kinds/pod/kind.ts";
import { podStatusText, restartsOf } from "../../../src/api/kinds/pod/summary.ts";
import { controllerOf, type KubeObject } from "../../../src/api/object.ts";
import type { Node, Pod } from "../../../src/api/types.ts";
import { isLike, unquoted } from "./words.ts";

/** Whether an object is what a word says of it; `named` replaces generated names by short ones. */
export function holdsOf(
  object: KubeObject | undefined,
  word: string,
  named: (text: string) => string,
): boolean {
  if (word === "gone") return object === undefined;
  if (!object) return false;
  if (word === "exists") return true;
  const match = /^((?:\[[^\]]*\]|[^=<>!])+?)(!=|>=|<=|=|<|>)(.*)$/s.exec(word);
  const path = match?.[1] ?? word.replace(/^!/, "");
  const value = named(textOf(valueAt(object, path)));
  if (!match) return (value === "") === word.startsWith("!");
  const wanted = unquoted(match[3] ?? "");
  switch (match[2]) {
    case "=":
      return isLike(value, wanted);
    case "!=":
      return !isLike(value, wanted);
    case ">=":
      return Number(value) >= Number(wanted);
    case "<=":
      return Number(value) <= Number(wanted);
    case ">":
      return Number(value) > Number(wanted);
    default:
      return Number(value) < Number(wanted);
  }
}

/** What a path leads to: computed by name, a condition, or a field of status, spec or metadata. */
export function valueAt(object: KubeObject, path: string): unknown {
  const computed = computedValues[path]?.(object);
  if (computed !== undefined) return computed;
  const steps = stepsOf(path);
  const [head = "", ...rest] = steps;
  if (/^[A-Z]/.test(head) || head.includes("/"))
    return walk(conditionOf(object, head), rest.length === 0 ? ["status"] : rest);
  if (["metadata", "spec", "status"].includes(head)) return walk(object, steps);
  const { status, spec, metadata } = object as unknown as Record<string, object | undefined>;
  for (const place of [status, spec, metadata, object]) {
    const value = walk(place, steps);
    if (value !== undefined) return value;
  }
  return undefined;
}

const computedValues: Readonly<Record<string, (object: KubeObject) => unknown>> = {
  shows: (pod) => podStatusText(pod as Pod),
  restarts: (pod) => restartsOf(pod as Pod),
  ready: (object) => (object.kind === "Pod" ? isPodReady(object as Pod) : undefined),
  node: (pod) => (pod as Pod).spec.nodeName,
  deleting: ({ metadata }) => metadata.deletionTimestamp !== undefined,
  revision: ({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"],
  owner: (object) => {
    const owner = controllerOf(object);
    return owner && `${owner.kind}/${owner.name}`;
  },
  owners: ({ metadata }) =>
    (metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind}/${name}`),
  taints: (node) =>
    ((node as Node).spec?.taints ?? [])
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`)
      .sort(),
  image: (object) => {
    const { spec } = object as unknown as { spec: Record<string, unknown> };
    const podSpec = (walk(spec, ["template", "spec"]) ?? spec) as Pod["spec"];
    return podSpec.containers.map(({ image }) => image);
  },
};

function conditionOf(object: KubeObject, type: string): unknown {
  const { status } = object as { status?: { conditions?: readonly { type: string }[] } };
  return status?.conditions?.find((condition) => condition.type === type);
}

/** "a.b[0].c[name=x].d["e.f"]" as steps. */
function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\["([^"]*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, quoted, bracket, plain]) =>
      quoted ?? (bracket?.includes("=") ? `[${bracket}` : bracket) ?? plain ?? "",
  );
}

function walk(value: unknown, steps: readonly string[]): unknown {
  let now = value;
  for (const step of steps) {
    if (typeof now !== "object" || now === null) return undefined;
    if (step.startsWith("[")) {
      const [field = "", wanted] = step.slice(1).split("=");
      now = (now as Record<string, unknown>[]).find((item) => String(item[field]) === wanted);
    } else now = (now as Record<string, unknown>)[step];
  }
  return now;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
