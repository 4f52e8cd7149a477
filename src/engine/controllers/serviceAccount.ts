// serviceaccount-controller: gives each namespace its ServiceAccount "default".
import { Namespace } from "../../api/kinds/namespace.ts";
import { ServiceAccount } from "../../api/kinds/serviceAccount.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import { type ControllerFactory, trigger } from "./controller.ts";
import { isNamespaceTerminating } from "./podControl.ts";

const defaultAccount = "default";

/** Source: pkg/controller/serviceaccount/serviceaccounts_controller.go, kubernetes v1.34. */
export const serviceAccount: ControllerFactory = () => ({
  name: "serviceaccount-controller",
  account: "service-account-controller",
  triggers: [
    trigger(Namespace, ({ now }) => (now ? [{ namespace: "", name: now.metadata.name }] : [])),
    trigger(ServiceAccount, ({ old, now }) => {
      const wasDefault = !now && old?.metadata.name === defaultAccount;
      return wasDefault ? [{ namespace: "", name: old.metadata.namespace ?? "" }] : [];
    }),
  ],
  reconcile({ name: namespace }, { cache, client }) {
    const owner = cache(Namespace).get({ namespace: "", name: namespace });
    if (owner?.status?.phase !== "Active") return undefined;
    if (cache(ServiceAccount).get({ namespace, name: defaultAccount })) return undefined;
    try {
      client.create(ServiceAccount, {
        apiVersion: ServiceAccount.apiVersion,
        kind: ServiceAccount.gvk.kind,
        metadata: { name: defaultAccount, namespace },
      });
    } catch (error) {
      const isFine =
        hasReason(error, "AlreadyExists") ||
        (error instanceof ApiError && isNamespaceTerminating(error));
      if (!isFine) throw error;
    }
    return undefined;
  },
});
