// What admission sees of a connection into what runs: its query, as an object.
// Source: staging/src/k8s.io/api/core/v1/types.go and register.go (conversion of url.Values), kubernetes v1.34.
import { defineKind, type Kind } from "../../../api/kind.ts";
import { gvk, type KubeObject } from "../../../api/object.ts";

/** Kinds by "pods/exec"; their objects have no metadata. */
const kinds: Readonly<Record<string, Kind>> = {
  "pods/attach": optionsKind("PodAttachOptions"),
  "pods/exec": optionsKind("PodExecOptions"),
  "pods/portforward": optionsKind("PodPortForwardOptions"),
  "nodes/proxy": optionsKind("NodeProxyOptions"),
  "pods/proxy": optionsKind("PodProxyOptions"),
  "services/proxy": optionsKind("ServiceProxyOptions"),
};

export interface ConnectOptions {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** @returns undefined for a subresource that is no connection: pods/log */
export function connectOptions(
  place: string,
  query: URLSearchParams,
  path: string,
): ConnectOptions | undefined {
  const kind = kinds[place];
  if (!kind) return undefined;
  const fields = place.endsWith("/proxy") ? { ...(path ? { path } : {}) } : streamFields(query);
  const object = { kind: kind.gvk.kind, apiVersion: kind.apiVersion, ...fields };
  return { kind, object: object as unknown as KubeObject };
}

function streamFields(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const flags = ["stdin", "stdout", "stderr", "tty"].filter((name) => isSet(query.get(name)));
  const container = query.get("container");
  const command = query.getAll("command");
  const ports = query.getAll("ports").flatMap((text) => text.split(",").map(Number));
  return {
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...(container ? { container } : {}),
    ...(command.length > 0 ? { command } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** Source: apimachinery pkg/runtime Convert_Slice_string_To_bool. */
function isSet(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== "false" && value !== "0";
}

function optionsKind(name: string): Kind {
  const kind = defineKind<KubeObject>({
    gvk: gvk("", "v1", name),
    plural: name.toLowerCase(),
    namespaced: name !== "NodeProxyOptions",
    unstored: true,
    verbs: [],
  });
  return kind as unknown as Kind;
}
