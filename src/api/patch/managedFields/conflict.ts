// Why an apply is refused: somebody else manages what it would change.
// Source: structured-merge-diff v6 merge/conflict.go; apimachinery managedfields/internal/conflict.go, 1.34.
import { ApiError } from "../../status.ts";
import type { FieldSet } from "./fieldSet.ts";
import type { Manager } from "./managers.ts";
import { type Path, pathText } from "./pathElement.ts";

export interface Conflict {
  readonly manager: Manager;
  readonly path: Path;
}

/** Thrown by an apply; `conflicts` is never empty. */
export class ConflictError extends Error {
  constructor(readonly conflicts: readonly Conflict[]) {
    super("Apply failed");
  }
}

/** One conflict a field, by manager. `owned` has what each would lose, by the manager's key. */
export function conflictsOf(
  owned: ReadonlyMap<string, { readonly manager: Manager; readonly fields: FieldSet }>,
): readonly Conflict[] {
  return [...owned]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { manager, fields }]) => fields.paths().map((path) => ({ manager, path })));
}

/** 409 Conflict, with a cause for each field. */
export function applyConflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }));
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: conflictMessage(conflicts),
    reason: "Conflict",
    details: { causes },
    code: 409,
  });
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`;
  const byManager = Map.groupBy(conflicts, ({ manager }) => manager);
  const lines = [...byManager].flatMap(([manager, theirs]) => [
    `conflicts with ${managerText(manager)}:`,
    ...theirs.map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function managerText({ name, operation, apiVersion, subresource }: Manager): string {
  const named = JSON.stringify(name);
  const full = subresource ? `${named} with subresource ${JSON.stringify(subresource)}` : named;
  return operation === "Update" ? `${full} using ${apiVersion}` : full;
}
