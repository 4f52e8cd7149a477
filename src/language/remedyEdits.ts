// What would help a Pod that fits nowhere, as changes of its text. What is to be done to a node is none.
import type { FieldPath } from "../api/fieldPath.ts";
import type { Remedy, RemedyChange } from "../api/remedy.ts";
import type { Taint } from "../api/types.ts";
import { type TreeNode, textIn } from "../base/yaml/yamlTree.ts";
import { amountText } from "../scheduler/applyRemedy.ts";
import type { ManifestDocument } from "./manifest.ts";
import type { PodTemplate } from "./podTemplates.ts";
import { entryAdded, entryRemoved, itemAdded, type TextEdit } from "./treeEdits.ts";

/** @returns undefined if some of it is no change of the text */
export function remedyEdits(
  { changes }: Remedy,
  { document, path }: PodTemplate,
  text: string,
): readonly TextEdit[] | undefined {
  const editor = new SpecEditor(document, path.child("spec"), text);
  const edits = changes.map((change) => editor.edit(change));
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

class SpecEditor {
  constructor(
    private readonly document: ManifestDocument,
    private readonly spec: FieldPath,
    private readonly text: string,
  ) {}

  edit(change: RemedyChange): TextEdit | undefined {
    switch (change.type) {
      case "lowerRequest":
        return this.lower(change);
      case "addToleration":
        return this.tolerate(change.taint);
      case "removeNodeSelector":
        return this.remove(this.spec.child("nodeSelector"), change.key);
      case "removeNodeAffinity":
        return this.remove(this.spec.child("affinity"), "nodeAffinity");
      case "removePodAffinity":
        return this.remove(this.spec.child("affinity"), "podAffinity");
      case "removePodAntiAffinity":
        return this.remove(this.spec.child("affinity"), "podAntiAffinity");
      case "removeNodeName":
        return this.remove(this.spec, "nodeName");
      case "relaxTopologySpread":
        return this.relax(change.topologyKey);
      case "removeHostPort":
        return this.removeHostPort(change.port);
      default:
        return undefined;
    }
  }

  private lower({
    container,
    resource,
    to,
  }: Extract<RemedyChange, { readonly type: "lowerRequest" }>): TextEdit | undefined {
    for (const field of ["containers", "initContainers"]) {
      const path = this.spec.child(field);
      const i = this.indexOf(path, (item) => textIn(item, "name") === container);
      const amount = path.index(i).child("resources", "requests").key(resource);
      const place = this.document.locate(amount);
      if (i >= 0 && place?.missing.length === 0)
        return { ...place.node.range, newText: amountText(resource, to) };
    }
    return undefined;
  }

  private tolerate({ key, value, effect }: Taint): TextEdit | undefined {
    const lines = [
      `key: ${key}`,
      ...(value ? ["operator: Equal", `value: ${JSON.stringify(value)}`] : ["operator: Exists"]),
      `effect: ${effect}`,
    ];
    const place = this.document.locate(this.spec.child("tolerations"));
    if (place?.missing.length === 0)
      return place.node.type === "list" ? itemAdded(place.node, lines, this.text) : undefined;
    const [first = "", ...rest] = lines;
    const entry = ["tolerations:", `  - ${first}`, ...rest.map((line) => `    ${line}`)];
    const spec = this.document.locate(this.spec);
    return spec?.missing.length === 0
      ? entryAdded(spec.node, spec.keyRange, entry, this.text)
      : undefined;
  }

  /** Takes a field away, and the map around it if nothing is left in it. */
  private remove(parent: FieldPath, name: string): TextEdit | undefined {
    const place = this.document.locate(parent);
    if (place?.missing.length !== 0 || place.node.type !== "map") return undefined;
    if (place.node.entries.size > 1) return entryRemoved(place.node, name, this.text);
    const { steps } = parent;
    const last = steps.at(-1);
    const isOfSpec = steps.length === this.spec.steps.length + 1;
    return isOfSpec && typeof last === "string" ? this.remove(this.spec, last) : undefined;
  }

  private relax(topologyKey: string): TextEdit | undefined {
    const path = this.spec.child("topologySpreadConstraints");
    const i = this.indexOf(
      path,
      (item) =>
        textIn(item, "topologyKey") === topologyKey &&
        textIn(item, "whenUnsatisfiable") === "DoNotSchedule",
    );
    const place = this.document.locate(path.index(i).child("whenUnsatisfiable"));
    return i < 0 || place?.missing.length !== 0
      ? undefined
      : { ...place.node.range, newText: "ScheduleAnyway" };
  }

  private removeHostPort(port: number): TextEdit | undefined {
    const containers = this.spec.child("containers");
    const count = this.items(containers).length;
    for (let i = 0; i < count; i++) {
      const ports = containers.index(i).child("ports");
      const j = this.items(ports).findIndex((item) => {
        const node = item.type === "map" ? item.entries.get("hostPort")?.node : undefined;
        return node?.type === "scalar" && node.value === port;
      });
      if (j >= 0) return this.remove(ports.index(j), "hostPort");
    }
    return undefined;
  }

  private indexOf(path: FieldPath, test: (item: TreeNode) => boolean): number {
    return this.items(path).findIndex(test);
  }

  private items(path: FieldPath): readonly TreeNode[] {
    const place = this.document.locate(path);
    return place?.missing.length === 0 && place.node.type === "list" ? place.node.items : [];
  }
}
