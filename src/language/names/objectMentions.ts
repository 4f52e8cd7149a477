// The names that one object makes and uses.
import { FieldPath } from "../../api/fieldPath.ts";
import { kindNode } from "../../api/openapi/compiled.ts";
import { type MapNode, type Range, type TreeNode, textIn } from "../../base/yaml/yamlTree.ts";
import { type Field, fieldsOf } from "../fields.ts";
import type { ManifestDocument } from "../manifest.ts";
import { podPath } from "../podTemplates.ts";
import { isClusterScoped, referenceOf } from "../references.ts";
import { localNames } from "./localNames.ts";
import type { Mention, Tie } from "./mention.ts";
import { type AskedLabel, labelsIn, selectionsOf } from "./selections.ts";

export function objectMentions(document: ManifestDocument, uri: string): readonly Mention[] {
  return new ObjectReader(document, uri).read();
}

/** Fields of a ConfigMap or Secret that hold its keys. */
const keyFields: ReadonlySet<string> = new Set([
  "core.v1.ConfigMap.data",
  "core.v1.ConfigMap.binaryData",
  "core.v1.Secret.data",
  "core.v1.Secret.stringData",
]);

/** Structs whose `items` or `key` are keys of the object that they name. */
const keySources: Readonly<Record<string, { readonly kind: string; readonly field: string }>> = {
  "core.v1.ConfigMapKeySelector": { kind: "ConfigMap", field: "name" },
  "core.v1.ConfigMapVolumeSource": { kind: "ConfigMap", field: "name" },
  "core.v1.ConfigMapProjection": { kind: "ConfigMap", field: "name" },
  "core.v1.SecretKeySelector": { kind: "Secret", field: "name" },
  "core.v1.SecretVolumeSource": { kind: "Secret", field: "secretName" },
  "core.v1.SecretProjection": { kind: "Secret", field: "name" },
};

/** Selectors of the Pods whose ports the rest of the object names. */
const selectsPortsOf: ReadonlySet<string> = new Set([
  "core.v1.ServiceSpec.selector",
  "networking.v1.NetworkPolicySpec.podSelector",
]);

const claimTemplateName = /^spec\.volumeClaimTemplates\[\d+\]\.metadata\.name$/;
const sameObject: Tie = { by: "object" };

class ObjectReader {
  private readonly mentions: Mention[] = [];
  private readonly kind: string;
  private readonly name: string;
  private readonly namespace: string;
  private readonly object: string;
  private readonly podMetadata: string | undefined;
  private readonly podTie: Tie;
  /** What the ports of a Service or policy are those of. */
  private portTie: Tie = sameObject;

  constructor(
    private readonly document: ManifestDocument,
    private readonly uri: string,
  ) {
    const { apiVersion, kind } = document.fields ?? {};
    const metadata = nodeAt(document, FieldPath.of("metadata"));
    this.kind = String(kind);
    this.name = textIn(metadata, "name") ?? "";
    this.namespace = isClusterScoped(this.kind) ? "" : (textIn(metadata, "namespace") ?? "");
    this.object = `${uri}#${document.root?.range.start ?? 0}`;
    const pods = podPath(apiVersion, kind);
    this.podMetadata = pods?.child("metadata", "labels").toString();
    const labels = labelsIn(pods && nodeAt(document, pods.child("metadata", "labels")));
    this.podTie = { by: "labels", labels: labelMap(labels) };
  }

  read(): readonly Mention[] {
    const metadata = nodeAt(this.document, FieldPath.of("metadata"));
    const name = metadata?.type === "map" ? metadata.entries.get("name")?.node : undefined;
    if (name && this.name !== "")
      this.add("object", "definition", this.name, name.range, {
        tie: { by: "name", owner: "" },
      });
    this.customKind();
    const fields = fieldsOf(this.document);
    // Ports are found by the selector beside them, which may stand below.
    for (const field of fields) this.labels(field);
    for (const field of fields) this.field(field);
    return this.mentions;
  }

  /** A custom resource leads to the definition of its kind. */
  private customKind(): void {
    const { root, fields = {} } = this.document;
    const [group, version] = String(fields.apiVersion).split("/");
    const made = nodeAt(this.document, FieldPath.of("spec", "names", "kind"));
    const madeGroup = textIn(nodeAt(this.document, FieldPath.of("spec")), "group");
    const tie: Tie = { by: "name", owner: "" };
    const rest = { kind: "", namespace: "", tie };
    if (this.kind === "CustomResourceDefinition" && made?.type === "scalar")
      this.add("kind", "definition", `${made.value}.${madeGroup}`, made.range, rest);
    else if (version !== undefined && !kindNode(String(fields.apiVersion), this.kind)) {
      const own = root?.type === "map" ? root.entries.get("kind")?.node : undefined;
      if (own) this.add("kind", "use", `${this.kind}.${group}`, own.range, rest);
    }
  }

  private field(field: Field): void {
    const { owner, name, node } = field;
    const { definition = "" } = owner ?? {};
    const qualified = `${definition}.${name}`;
    const reference = referenceOf(field, this.namespace);
    if (reference)
      this.add("object", "use", reference.name, node.range, {
        ...reference,
        tie: { by: "name", owner: "" },
      });
    this.local(qualified, field);
    this.keys(qualified, field);
    this.ports(qualified, field);
  }

  private local(qualified: string, { node, path }: Field): void {
    const local = localNames[qualified];
    const isClaimTemplate =
      qualified === "meta.v1.ObjectMeta.name" && claimTemplateName.test(path.toString());
    if (isClaimTemplate) this.addScalar("volume", "definition", node, sameObject);
    else if (local) this.addScalar(local.sort, local.role, node, sameObject);
  }

  private keys(qualified: string, { owner, name, node, siblings }: Field): void {
    if (keyFields.has(qualified) && node.type === "map")
      for (const { key, keyRange } of node.entries.values())
        this.add("key", "definition", key, keyRange, { tie: { by: "name", owner: this.name } });
    const source = keySources[owner?.definition ?? ""];
    const object = source && textIn(siblings, source.field);
    if (!source || object === undefined) return;
    const tie: Tie = { by: "name", owner: object };
    if (name === "key") this.addScalar("key", "use", node, tie, source.kind);
    if (name === "items" && node.type === "list")
      for (const item of node.items)
        if (item.type === "map")
          this.addScalar("key", "use", item.entries.get("key")?.node, tie, source.kind);
  }

  private ports(qualified: string, { node, siblings, path }: Field): void {
    switch (qualified) {
      case "core.v1.ContainerPort.name":
      case "core.v1.ContainerPort.containerPort":
        this.addScalar("containerPort", "definition", node, this.podTie);
        return;
      case "core.v1.ServicePort.targetPort":
        this.addScalar("containerPort", "use", node, this.portTie);
        return;
      case "core.v1.ServicePort.name":
      case "core.v1.ServicePort.port":
        this.addScalar("servicePort", "definition", node, { by: "name", owner: this.name });
        if (qualified.endsWith(".port") && !siblings.entries.has("targetPort"))
          this.addScalar("containerPort", "use", node, this.portTie);
        return;
      case "networking.v1.IngressServiceBackend.port":
        this.backendPort(node, siblings);
        return;
      case "networking.v1.NetworkPolicyPort.port":
        if (path.toString().startsWith("spec.ingress"))
          this.addScalar("containerPort", "use", node, this.portTie);
    }
  }

  private backendPort(node: TreeNode, siblings: MapNode): void {
    const tie: Tie = { by: "name", owner: textIn(siblings, "name") ?? "" };
    if (node.type !== "map") return;
    for (const { node: port } of node.entries.values())
      this.addScalar("servicePort", "use", port, tie, "Service");
  }

  private labels(field: Field): void {
    const qualified = `${field.owner?.definition}.${field.name}`;
    if (qualified === "meta.v1.ObjectMeta.labels") this.madeLabels(field);
    for (const { kind, selector, labels, isOwn, isAnywhere } of selectionsOf(field)) {
      const tie: Tie = { by: "selector", selector, isOwn };
      const namespace = isAnywhere || isClusterScoped(kind) ? "" : this.namespace;
      for (const label of labels) this.addLabel(label, "use", { kind, namespace, tie });
      if (selectsPortsOf.has(qualified) && labels.length > 0) this.portTie = tie;
    }
  }

  private madeLabels({ path, node }: Field): void {
    const at = path.toString();
    const labels = labelsIn(node);
    if (at === this.podMetadata)
      for (const label of labels)
        this.addLabel(label, "definition", { kind: "Pod", tie: this.podTie });
    else if (at === "metadata.labels") {
      const tie: Tie = { by: "labels", labels: labelMap(labels) };
      for (const label of labels) this.addLabel(label, "definition", { tie });
    }
  }

  private addLabel(
    { key, value, range, valueRange }: AskedLabel,
    role: Mention["role"],
    more: MentionRest,
  ): void {
    this.add("label", role, `${key}=${value}`, range, { ...more, nameRange: valueRange });
  }

  private addScalar(
    sort: Mention["sort"],
    role: Mention["role"],
    node: TreeNode | undefined,
    tie: Tie,
    kind = this.kind,
  ): void {
    if (node?.type !== "scalar" || node.value === null || node.value === "") return;
    const isLocal = tie.by !== "name";
    this.add(sort, role, String(node.value), node.range, { tie, kind: isLocal ? "Pod" : kind });
  }

  private add(
    sort: Mention["sort"],
    role: Mention["role"],
    name: string,
    range: Range,
    rest: MentionRest,
  ): void {
    const { uri, object, kind, namespace } = this;
    const own = { uri, object, kind, namespace, nameRange: range };
    this.mentions.push({ ...own, ...rest, sort, role, name, range });
  }
}

type MentionRest = Pick<Mention, "tie"> &
  Partial<Pick<Mention, "kind" | "namespace" | "nameRange">>;

function labelMap(labels: readonly AskedLabel[]): Readonly<Record<string, string>> {
  return Object.fromEntries(labels.map(({ key, value }) => [key, value]));
}

function nodeAt(document: ManifestDocument, path: FieldPath): TreeNode | undefined {
  const place = document.locate(path);
  return place?.missing.length === 0 ? place.node : undefined;
}
