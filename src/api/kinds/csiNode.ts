// CSINode: the storage drivers that a node's kubelet has registered.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CSINode as CSINodeObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { validateCsiNode, validateCsiNodeUpdate } from "./csi/node.ts";

export const CSINode = defineKind<CSINodeObject>({
  gvk: gvk("storage.k8s.io", "v1", "CSINode"),
  plural: "csinodes",
  namespaced: false,
  allowsUnconditionalUpdate: false,
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    column("Drivers", "integer", ({ spec }) => spec.drivers?.length ?? 0, {
      description: "Drivers indicates the number of CSI drivers registered on the node",
    }),
    ageColumn,
  ],
  validate: validateCsiNode,
  validateUpdate: validateCsiNodeUpdate,
});
