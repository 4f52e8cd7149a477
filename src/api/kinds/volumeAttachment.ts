// VolumeAttachment: a volume that a driver is to attach to a node, and how that went.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { VolumeAttachment as VolumeAttachmentObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { keepMetadata } from "./keepMetadata.ts";
import {
  validateVolumeAttachment,
  validateVolumeAttachmentUpdate,
} from "./volumeAttachment/validation.ts";

export const VolumeAttachment = defineKind<VolumeAttachmentObject>({
  gvk: gvk("storage.k8s.io", "v1", "VolumeAttachment"),
  plural: "volumeattachments",
  namespaced: false,
  subresources: ["status"],
  allowsUnconditionalUpdate: false,
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    column("Attacher", "string", ({ spec }) => spec.attacher, {
      format: "name",
      field: "storage.v1.VolumeAttachmentSpec.attacher",
    }),
    column("PV", "string", ({ spec }) => spec.source?.persistentVolumeName ?? "", {
      field: "storage.v1.VolumeAttachmentSource.persistentVolumeName",
    }),
    column("Node", "string", ({ spec }) => spec.nodeName, {
      field: "storage.v1.VolumeAttachmentSpec.nodeName",
    }),
    column("Attached", "boolean", ({ status }) => status?.attached ?? false, {
      field: "storage.v1.VolumeAttachmentStatus.attached",
    }),
    ageColumn,
  ],
  prepareForCreate(attachment) {
    attachment.status = { attached: false };
  },
  prepareForSubresource(_subresource, attachment, old) {
    keepMetadata(attachment, old);
  },
  validate: validateVolumeAttachment,
  validateUpdate: validateVolumeAttachmentUpdate,
  validateStatusUpdate: validateVolumeAttachmentUpdate,
});
