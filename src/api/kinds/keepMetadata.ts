// Writers of some kinds' status leave metadata alone.
// Source: apimachinery pkg/apis/meta/v1 ResetObjectMetaForStatus, kubernetes v1.34.
import { type Draft, draft } from "../../base/draft.ts";
import type { KubeObject } from "../object.ts";

const kept = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

/** Puts labels, annotations, finalizers and owners back to what they were. */
export function keepMetadata({ metadata }: Draft<KubeObject>, old: KubeObject): void {
  for (const field of kept)
    if (old.metadata[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: draft(old.metadata[field]) });
}
