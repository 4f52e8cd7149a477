// What several controllers do: keep one object in every namespace that lives.
import { Namespace } from "../../api/kinds/namespace.ts";
import { ApiError } from "../../api/status.ts";
import type { Controller, ControllerContext } from "./controller.ts";
import { isNamespaceTerminating } from "./podControl.ts";

/**
 * Runs `keep` for a namespace that is there and stays. Another may have been quicker to create, and
 * the namespace may go while the cache still shows it: both are fine.
 */
export function perNamespace(
  keep: (context: ControllerContext, namespace: string) => void,
): Controller["reconcile"] {
  return ({ name }, context) => {
    const namespace = context.cache(Namespace).get({ namespace: "", name });
    if (!namespace || namespace.metadata.deletionTimestamp !== undefined) return undefined;
    try {
      keep(context, name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isFine = error.reason === "AlreadyExists" || isNamespaceTerminating(error);
      if (!isFine) throw error;
    }
    return undefined;
  };
}
