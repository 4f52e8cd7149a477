// Owners that an object names twice, word for word, are kept once.
// Source: apiserver pkg/endpoints/handlers/rest.go dedupOwnerReferencesAndAddWarning, 1.34.
import { dequal } from "dequal";
import type { KubeObject } from "../../api/object.ts";
import type { Draft } from "../../base/draft.ts";

/** @param stage whether the twins came with the request, or were there only after admission changed it */
export function dropTwinOwners(
  { metadata }: Draft<KubeObject>,
  warnings: string[],
  stage: "request" | "admission",
): void {
  const owners = metadata.ownerReferences ?? [];
  const twins = owners.filter((owner, i) =>
    owners.slice(0, i).some((earlier) => dequal(earlier, owner)),
  );
  if (twins.length === 0) return;
  metadata.ownerReferences = owners.filter((owner) => !twins.includes(owner));
  const uids = twins.map(({ uid }) => uid).join(", ");
  const after = stage === "admission" ? " after mutating admission happens" : "";
  warnings.push(
    `metadata.ownerReferences contains duplicate entries${after}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  );
}
