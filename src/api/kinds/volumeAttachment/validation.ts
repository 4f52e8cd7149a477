// VolumeAttachments. Source: pkg/apis/storage/validation ValidateVolumeAttachment, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid, required, tooLong } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from "../../types.ts";
import { check } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { byteLength, dnsSubdomain } from "../../validation/texts.ts";
import { validateVolumeSources } from "../persistentVolume/sources.ts";
import { validateCsiDriverName } from "../pod/validation/volumeSources.ts";

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");
const maxMetadataBytes = 256 * 1024;
const maxMessageBytes = 1024;

/** A new attachment passes rules that older ones were never held to. */
export function validateVolumeAttachment(attachment: VolumeAttachment): FieldError[] {
  const { attacher, source } = attachment.spec;
  const volume = source?.persistentVolumeName;
  return [
    ...validateParts(attachment),
    ...validateCsiDriverName(attacher, specPath.child("attacher")),
    ...(volume === undefined
      ? []
      : check(dnsSubdomain, volume, specPath.child("source", "persistentVolumeName"))),
  ];
}

const specShape = goShape(
  ["Attacher", "attacher", ""],
  [
    "Source",
    "source",
    {
      fields: [
        ["PersistentVolumeName", "persistentVolumeName", null],
        ["InlineVolumeSpec", "inlineVolumeSpec", null],
      ],
      byValue: true,
    },
  ],
  ["NodeName", "nodeName", ""],
);

export function validateVolumeAttachmentUpdate(
  attachment: VolumeAttachment,
  old: VolumeAttachment,
): FieldError[] {
  return [
    ...validateParts(attachment),
    ...(dequal(attachment.spec, old.spec)
      ? []
      : [invalid(specPath, goValue(attachment.spec, specShape), "field is immutable")]),
  ];
}

function validateParts({ spec, status }: VolumeAttachment): FieldError[] {
  const metadata = Object.entries(status?.attachmentMetadata ?? {});
  const bytes = metadata.reduce(
    (sum, [key, value]) => sum + byteLength(key) + byteLength(value),
    0,
  );
  return [
    ...(spec.attacher ? [] : [required(specPath.child("attacher"))]),
    ...validateSource(spec.source ?? {}, specPath.child("source")),
    ...check(dnsSubdomain, spec.nodeName ?? "", specPath.child("nodeName")),
    ...(bytes > maxMetadataBytes
      ? [tooLong(statusPath.child("attachmentMetadata"), maxMetadataBytes)]
      : []),
    ...validateError(status?.attachError, statusPath.child("attachError")),
    ...validateError(status?.detachError, statusPath.child("detachError")),
  ];
}

function validateSource(source: VolumeAttachmentSource, at: FieldPath): FieldError[] {
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source;
  const words = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (inline && name !== undefined) return [forbidden(at, words)];
  if (inline) return validateVolumeSources(inline, "", at.child("inlineVolumeSpec"));
  if (name === undefined) return [required(at, words)];
  return name === ""
    ? [required(at.child("persistentVolumeName"), "must specify non empty persistentVolumeName")]
    : [];
}

/** The server names the wrong limit here. */
function validateError(error: VolumeError | undefined, at: FieldPath): FieldError[] {
  return byteLength(error?.message ?? "") > maxMessageBytes
    ? [tooLong(at.child("message"), maxMetadataBytes)]
    : [];
}
