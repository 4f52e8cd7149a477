// An object is kept with the revision that its write makes, so that reads need not add it. Who wrote it
// expected a revision; what was agreed on later than that gets another.
import type { KubeObject } from "../../api/object.ts";
import { freeze } from "../../base/draft.ts";
import type { Revision } from "../store/entry.ts";

/** As `StoreOptions.stamp`. */
export function withRevision(value: unknown, revision: Revision): unknown {
  const { metadata } = value as Partial<KubeObject>;
  const resourceVersion = String(revision);
  if (!metadata || metadata.resourceVersion === undefined) return value;
  if (metadata.resourceVersion === resourceVersion) return value;
  return freeze({ ...(value as KubeObject), metadata: { ...metadata, resourceVersion } });
}
