// serviceaccount-controller: gives each namespace its ServiceAccount "default".
import { Namespace } from "../../api/kinds/namespace.ts";
import { ServiceAccount } from "../../api/kinds/serviceAccount.ts";
import { type ControllerFactory, trigger } from "./controller.ts";
import { perNamespace } from "./perNamespace.ts";

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
  reconcile: perNamespace(({ cache, client }, namespace) => {
    if (cache(ServiceAccount).get({ namespace, name: defaultAccount })) return;
    client.create(ServiceAccount, {
      apiVersion: ServiceAccount.apiVersion,
      kind: ServiceAccount.gvk.kind,
      metadata: { name: defaultAccount, namespace },
    });
  }),
});
