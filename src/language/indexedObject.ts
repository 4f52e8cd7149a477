// An object that a text describes, as far as other texts may refer to it.
import { FieldPath } from "../api/fieldPath.ts";
import type { KubeObject } from "../api/object.ts";
import type { Labels } from "../api/selector.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { valueAt } from "./effective.ts";
import { objectsOf } from "./fields.ts";
import type { ManifestDocument } from "./manifest.ts";
import { podTemplatesOf } from "./podTemplates.ts";

export interface IndexedObject {
  /** Of the text that describes it; empty for one that lives in the cluster. */
  readonly uri: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of its name in the text. */
  readonly range?: Range;
  /** Keys of a ConfigMap or Secret. */
  readonly keys: readonly string[];
  /** Ports of a Service, by number and name. */
  readonly ports: readonly (string | number)[];
  /** Labels of the Pods that it is or makes. */
  readonly podLabels: readonly Labels[];
}

const namePath = FieldPath.of("metadata", "name");

/** The objects of a document; `uri` is for whoever knows it to fill in. */
export function indexedObjects(document: ManifestDocument, uri = ""): readonly IndexedObject[] {
  return objectsOf(document).flatMap((object) => {
    const { fields = {} } = object;
    const metadata = (fields.metadata ?? {}) as {
      readonly name?: unknown;
      readonly namespace?: unknown;
    };
    if (typeof fields.kind !== "string" || typeof metadata.name !== "string") return [];
    const range = object.locate(namePath)?.node.range;
    return [
      {
        uri,
        kind: fields.kind,
        namespace: typeof metadata.namespace === "string" ? metadata.namespace : "",
        name: metadata.name,
        ...(range ? { range } : {}),
        keys: keysOf(fields),
        ports: portsOf(fields),
        podLabels: podTemplatesOf(object).map(({ pod }) => pod.metadata.labels ?? {}),
      },
    ];
  });
}

/** What others may refer to of an object that lives in a cluster. */
export function indexedLive(object: KubeObject, kind: string): IndexedObject {
  const fields = { ...object, kind };
  return {
    uri: "",
    kind,
    namespace: object.metadata.namespace ?? "",
    name: object.metadata.name,
    keys: keysOf(fields),
    ports: portsOf(fields),
    podLabels: livePodLabels(fields),
  };
}

function livePodLabels(object: KubeObject): readonly Labels[] {
  if (object.kind === "Pod") return [object.metadata.labels ?? {}];
  const template = valueAt(object, FieldPath.of("spec", "template", "metadata"));
  return template ? [(template as KubeObject["metadata"]).labels ?? {}] : [];
}

/** Keys of `data`, `stringData` and `binaryData`. */
function keysOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return ["data", "stringData", "binaryData"].flatMap((field) => {
    const map = fields[field];
    return typeof map === "object" && map !== null ? Object.keys(map) : [];
  });
}

function portsOf(fields: Readonly<Record<string, unknown>>): readonly (string | number)[] {
  if (fields.kind !== "Service") return [];
  const ports = valueAt(fields, FieldPath.of("spec", "ports"));
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port: { readonly port?: number; readonly name?: string }) => [
    ...(port?.port === undefined ? [] : [port.port]),
    ...(port?.name === undefined ? [] : [port.name]),
  ]);
}
