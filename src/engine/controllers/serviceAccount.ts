// serviceaccount-controller: every namespace has the ServiceAccount `default`.
// Source: kubernetes v1.34 pkg/controller/serviceaccount/serviceaccounts_controller.go
import { Namespace } from "../../api/kinds/namespace.ts";
import { ServiceAccount } from "../../api/kinds/serviceAccount.ts";
import { type ControllerFactory, trigger } from "./controller.ts";
import { perNamespace } from "./perNamespace.ts";

export const serviceAccount: ControllerFactory = () => ({
  name: "serviceaccount-controller",
  account: "service-account-controller",
  triggers: [
    trigger(Namespace, ({ now }) => (now ? [{ namespace: "", name: now.metadata.name }] : [])),
    trigger(ServiceAccount, ({ old, now }) =>
      old && !now ? [{ namespace: "", name: old.metadata.namespace ?? "" }] : [],
    ),
  ],
  reconcile: perNamespace(({ client, cache }, namespace) => {
    if (cache(ServiceAccount).get({ namespace, name: "default" })) return;
    client.create(ServiceAccount, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace },
    });
  }),
});
