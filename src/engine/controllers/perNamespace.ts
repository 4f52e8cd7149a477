// What several controllers do: keep one object in every namespace that lives.
import { Namespace } from "../../api/kinds/namespace.ts";
import { hasReason } from "../../api/status.ts";
import type { Controller, ControllerContext } from "./controller.ts";

/** Runs `keep` for a namespace that is there and stays; another may have been quicker to create. */
export function perNamespace(
  keep: (context: ControllerContext, namespace: string) => void,
): Controller["reconcile"] {
  return ({ name }, context) => {
    const namespace = context.cache(Namespace).get({ namespace: "", name });
    if (!namespace || namespace.metadata.deletionTimestamp !== undefined) return undefined;
    try {
      keep(context, name);
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
    return undefined;
  };
}
