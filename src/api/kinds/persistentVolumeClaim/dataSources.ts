// The two fields that say what a claim's volume is filled with: each is copied to the other.
// Source: pkg/api/persistentvolumeclaim/util.go, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { PersistentVolumeClaimSpec } from "../../types.ts";

/** Sources that the older field cannot name are dropped without a word, unless they were there before. */
export function normalizeDataSources(
  spec: Draft<PersistentVolumeClaimSpec>,
  old: PersistentVolumeClaimSpec | undefined,
): void {
  if (!old?.dataSourceRef && spec.dataSourceRef?.namespace) delete spec.dataSourceRef;
  if (!old?.dataSource && !old?.dataSourceRef && !isClaimOrSnapshot(spec.dataSource))
    delete spec.dataSource;
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { apiGroup, kind, name } = spec.dataSourceRef;
    spec.dataSource = { ...(apiGroup === undefined ? {} : { apiGroup }), kind, name };
  }
}

function isClaimOrSnapshot(source: PersistentVolumeClaimSpec["dataSource"]): boolean {
  const { kind, apiGroup = "" } = source ?? {};
  return (
    (kind === "PersistentVolumeClaim" && apiGroup === "") ||
    (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io")
  );
}
