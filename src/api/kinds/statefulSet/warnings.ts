// What looks odd in a StatefulSet. Source: pkg/registry/apps/statefulset strategy WarningsOnCreate, 1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { StatefulSetSpec } from "../../types.ts";
import { fractionalByteWarnings } from "../pod/warnings/quantities.ts";

const claimsPath = FieldPath.of("spec", "volumeClaimTemplates");

export function statefulSetWarnings({
  volumeClaimTemplates = [],
  revisionHistoryLimit = 0,
}: StatefulSetSpec): readonly string[] {
  return [
    ...volumeClaimTemplates.flatMap(({ spec }, i) =>
      fractionalByteWarnings(
        spec?.resources?.requests,
        claimsPath.index(i).child("resources", "requests"),
        ["storage"],
      ),
    ),
    ...(revisionHistoryLimit < 0
      ? [
          "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
        ]
      : []),
  ];
}
