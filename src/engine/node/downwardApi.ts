// What a container may learn of its own Pod: fields and resources, for variables and files.
// Source: pkg/fieldpath, pkg/api/v1/resource ExtractContainerResourceValue, kubernetes v1.34.
import { amountOf, compareAmounts, exactValue, milliValueOf } from "../../api/quantity.ts";
import type { Container, Pod, Quantity, ResourceFieldSelector } from "../../api/types.ts";

export interface PodFacts {
  readonly pod: Pod;
  readonly nodeAddress: string;
  readonly podIp: string | undefined;
  /** What the node can give: the limit of a container without one. */
  readonly allocatable: Readonly<Record<string, Quantity>>;
}

/** "metadata.labels" and the like as a file shows them, one by one; "" for what there is not. */
export function podField(path: string, { pod, nodeAddress, podIp }: PodFacts): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed)
    return metadata[keyed[1] === "labels" ? "labels" : "annotations"]?.[keyed[2] ?? ""] ?? "";
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "metadata.labels": formatted(metadata.labels),
    "metadata.annotations": formatted(metadata.annotations),
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.hostIP": nodeAddress,
    "status.hostIPs": nodeAddress,
    "status.podIP": podIp,
    "status.podIPs": podIp,
  };
  return fields[path] ?? "";
}

/** A limit or request in units of the divisor, rounded up. */
export function resourceField(
  { containerName, resource, divisor }: ResourceFieldSelector,
  own: Container | undefined,
  { pod, allocatable }: PodFacts,
): string {
  const { containers, initContainers = [] } = pod.spec;
  const container =
    containerName === undefined || containerName === ""
      ? own
      : [...containers, ...initContainers].find(({ name }) => name === containerName);
  const [list = "", name = ""] = resource.split(/\.(.*)/);
  const { limits, requests } = container?.resources ?? {};
  const given = list === "limits" ? limits?.[name] : requests?.[name];
  const amount = given ?? (list === "limits" ? (allocatable[name] ?? "0") : "0");
  const unit = divisor === undefined || isNothing(divisor) ? "1" : divisor;
  if (name === "cpu") {
    const parts = milliValueOf(amountOf(amount)) / milliValueOf(amountOf(unit));
    return String(Math.ceil(parts));
  }
  const [value, by] = [exactValue(amountOf(amount)), exactValue(amountOf(unit))];
  return String((value + by - 1n) / by);
}

/** `key="value"`, one a line, sorted by key, with Go's quotes. Source: fieldpath FormatMap. */
function formatted(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join("\n");
}

function isNothing(quantity: Quantity): boolean {
  return compareAmounts(amountOf(quantity), amountOf("0")) === 0;
}
