// Where a refusal belongs that names no field: what admission plugins say, by the words they use.
import { FieldPath } from "../api/fieldPath.ts";
import { textIn } from "../base/yaml/yamlTree.ts";
import type { ManifestDocument } from "./manifest.ts";
import { podPath } from "./podTemplates.ts";

const namePath = FieldPath.of("metadata", "name");
const namespacePath = FieldPath.of("metadata", "namespace");

/** The field of the object that `message` is about; its name where the words tell no more. */
export function refusalPlace(message: string, document: ManifestDocument): FieldPath {
  if (message.startsWith("no matches for kind")) return FieldPath.root;
  if (message.includes("no matches for kind")) return FieldPath.of("apiVersion");
  if (
    /namespaces? "?[\w-]+"? not found|in namespace \S+ because|kubernetes\.io\/namespace/.test(
      message,
    )
  )
    return namespacePath;
  const { apiVersion, kind } = document.fields ?? {};
  const pod = podPath(apiVersion, kind);
  return (pod && podPlace(message, document, pod.child("spec"))) ?? namePath;
}

function podPlace(
  message: string,
  document: ManifestDocument,
  spec: FieldPath,
): FieldPath | undefined {
  const named = namedObjects.find(({ words }) => words.test(message));
  if (named) return spec.child(named.field);
  const amount =
    amountWords.map((words) => words.exec(message)?.groups).find((groups) => groups) ?? undefined;
  if (amount?.resource) {
    const field = amount.field === "limit" || amount.field === "limits" ? "limits" : "requests";
    return amountPlace(document, spec, field, amount.resource);
  }
  const container = /containers? "([^"]+)"/.exec(message)?.[1];
  return container === undefined ? undefined : containerPlace(document, spec, container);
}

const namedObjects: readonly { readonly words: RegExp; readonly field: string }[] = [
  { words: /service ?account/i, field: "serviceAccountName" },
  { words: /PriorityClass/, field: "priorityClassName" },
  { words: /RuntimeClass/, field: "runtimeClassName" },
];

/** A quota's or a limit range's words for an amount of a resource. */
const amountWords: readonly RegExp[] = [
  /exceeded quota: \S+, requested: (?:(?<field>requests|limits)\.)?(?<resource>[\w./-]+)=/,
  /must specify (?:(?<field>requests|limits)\.)?(?<resource>[\w./-]+)/,
  /(?:maximum|minimum) (?<resource>[\w./-]+) usage per .*(?: but (?<field>limit|request) |No (?<other>limit|request) )/,
];

/** The amount itself in the first container that states one. */
function amountPlace(
  document: ManifestDocument,
  spec: FieldPath,
  field: "requests" | "limits",
  resource: string,
): FieldPath | undefined {
  const containers = spec.child("containers");
  const list = document.locate(containers);
  if (list?.missing.length !== 0 || list.node.type !== "list") return undefined;
  const places = list.node.items.map((_, i) =>
    containers.index(i).child("resources", field).key(resource),
  );
  const stated = places.find((place) => document.locate(place)?.missing.length === 0);
  // Numbers of objects are no amounts of a container.
  return stated ?? (computed.test(resource) ? places[0] : undefined);
}

const computed = /^(?:cpu|memory|ephemeral-storage|hugepages-\S+|\S+\/\S+)$/;

function containerPlace(
  document: ManifestDocument,
  spec: FieldPath,
  name: string,
): FieldPath | undefined {
  for (const field of ["containers", "initContainers"]) {
    const node = document.locate(spec.child(field))?.node;
    const i =
      node?.type === "list" ? node.items.findIndex((item) => textIn(item, "name") === name) : -1;
    if (i >= 0) return spec.child(field).index(i).child("securityContext");
  }
  return undefined;
}
