// Which fields select objects by their labels.
import { type Requirement, Selector, type SelectorOperator } from "../../api/selector.ts";
import {
  type ListNode,
  type Range,
  type TreeNode,
  textIn,
  textOf,
} from "../../base/yaml/yamlTree.ts";
import type { Field } from "../fields.ts";

/** A label that a selector asks for. */
export interface AskedLabel {
  readonly key: string;
  readonly value: string;
  readonly range: Range;
  readonly valueRange: Range;
}

export interface Selection {
  /** Of the objects that are selected. */
  readonly kind: string;
  /** True if only Pods of the object itself are meant. */
  readonly isOwn: boolean;
  /** True if objects of other namespaces may be meant. */
  readonly isAnywhere: boolean;
  readonly selector: Selector;
  readonly labels: readonly AskedLabel[];
}

/** By the struct's definition and the field: a map of labels, and the kind that it selects. */
const maps: Readonly<Record<string, string>> = {
  "core.v1.ServiceSpec.selector": "Pod",
  "core.v1.ReplicationControllerSpec.selector": "Pod",
  "core.v1.PodSpec.nodeSelector": "Node",
  "node.v1.Scheduling.nodeSelector": "Node",
};

/** Selectors of these structs are for the Pods that the object makes itself. */
const makers: ReadonlySet<string> = new Set([
  "core.v1.ReplicationControllerSpec",
  "apps.v1.DeploymentSpec",
  "apps.v1.ReplicaSetSpec",
  "apps.v1.StatefulSetSpec",
  "apps.v1.DaemonSetSpec",
  "batch.v1.JobSpec",
]);

/** LabelSelectors select Pods, but for these. */
const otherSelectors: Readonly<Record<string, string>> = {
  namespaceSelector: "Namespace",
  clusterRoleSelectors: "ClusterRole",
};

/** What the field selects; empty if it is no selector. */
export function selectionsOf(field: Field): readonly Selection[] {
  const { owner, name, node, schema, siblings } = field;
  if (!owner) return [];
  const { definition } = owner;
  const isOwn = makers.has(definition);
  const isAnywhere = siblings.entries.has("namespaceSelector") || definition.startsWith("rbac.");
  const mapped = maps[`${definition}.${name}`];
  if (mapped !== undefined) return [selectionOf(node, undefined, mapped, { isOwn, isAnywhere })];
  if (definition === "core.v1.NodeSelectorTerm" && name === "matchExpressions")
    return [selectionOf(undefined, node, "Node", { isOwn, isAnywhere })];
  const selects = schema.type === "list" ? schema.element : schema;
  if (selects.type !== "struct" || selects.definition !== "meta.v1.LabelSelector") return [];
  const kind =
    otherSelectors[name] ??
    (definition === "core.v1.PersistentVolumeClaimSpec" ? "PersistentVolume" : "Pod");
  const selectors = node.type === "list" ? node.items : [node];
  return selectors.map((selector) =>
    selectionOf(childOf(selector, "matchLabels"), childOf(selector, "matchExpressions"), kind, {
      isOwn,
      isAnywhere,
    }),
  );
}

/** Labels and their places, of a map of labels. */
export function labelsIn(node: TreeNode | undefined): readonly AskedLabel[] {
  if (node?.type !== "map") return [];
  return [...node.entries.values()].flatMap(({ key, keyRange, node: value }) => {
    if (value.type !== "scalar") return [];
    const range = { start: Math.min(keyRange.start, value.range.start), end: value.range.end };
    return [{ key, value: String(value.value ?? ""), range, valueRange: value.range }];
  });
}

function selectionOf(
  matchLabels: TreeNode | undefined,
  matchExpressions: TreeNode | undefined,
  kind: string,
  scope: Pick<Selection, "isOwn" | "isAnywhere">,
): Selection {
  const equal = labelsIn(matchLabels);
  const expressions = matchExpressions?.type === "list" ? matchExpressions : undefined;
  const requirements: readonly Requirement[] = [
    ...equal.map(({ key, value }): Requirement => ({ key, operator: "In", values: [value] })),
    ...(expressions?.items ?? []).flatMap(requirementOf),
  ];
  return {
    kind,
    ...scope,
    selector: Selector.of(requirements),
    labels: [...equal, ...(expressions ? askedIn(expressions) : [])],
  };
}

const operators: ReadonlySet<string> = new Set<SelectorOperator>([
  "In",
  "NotIn",
  "Exists",
  "DoesNotExist",
  "Gt",
  "Lt",
]);

function requirementOf(node: TreeNode): readonly Requirement[] {
  const key = textIn(node, "key");
  const operator = textIn(node, "operator");
  if (key === undefined || operator === undefined || !operators.has(operator)) return [];
  const values = scalarsIn(childOf(node, "values")).map(({ value }) => value);
  return [{ key, operator: operator as SelectorOperator, values }];
}

/** The values that an expression may be met by. */
function askedIn({ items }: ListNode): readonly AskedLabel[] {
  return items.flatMap((node) => {
    const key = textIn(node, "key");
    if (key === undefined || textIn(node, "operator") !== "In") return [];
    return scalarsIn(childOf(node, "values")).map(({ value, range }) => ({
      key,
      value,
      range,
      valueRange: range,
    }));
  });
}

function scalarsIn(
  node: TreeNode | undefined,
): { readonly value: string; readonly range: Range }[] {
  if (node?.type !== "list") return [];
  return node.items.flatMap((item) => {
    const value = textOf(item);
    return value === undefined ? [] : [{ value, range: item.range }];
  });
}

function childOf(node: TreeNode, key: string): TreeNode | undefined {
  return node.type === "map" ? node.entries.get(key)?.node : undefined;
}
