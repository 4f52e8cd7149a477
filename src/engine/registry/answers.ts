// Answers that are no objects of a kind: meta/v1 Status of success.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";

export function success(code: number): Status {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code };
}

/** What a deletion answers for an object that is gone: no code, but what it was. */
export function deleted(
  { gvk, plural }: Kind,
  { metadata: { name, uid } }: KubeObject,
): Omit<Status, "code"> {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(gvk.group === "" ? {} : { group: gvk.group }),
      kind: plural,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}
