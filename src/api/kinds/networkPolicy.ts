// NetworkPolicy: who may talk to the Pods that it selects, and whom they may talk to.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { NetworkPolicy as NetworkPolicyObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  networkPolicyWarnings,
  setNetworkPolicyDefaults,
  validateNetworkPolicy,
} from "./networkPolicy/validation.ts";
import { selectorCell } from "./workload/columns.ts";

export const NetworkPolicy = defineKind<NetworkPolicyObject>({
  gvk: gvk("networking.k8s.io", "v1", "NetworkPolicy"),
  plural: "networkpolicies",
  shortNames: ["netpol"],
  namespaced: true,
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Pod-Selector", "string", ({ spec }) => selectorCell(spec.podSelector), {
      field: "networking.v1.NetworkPolicySpec.podSelector",
    }),
    ageColumn,
  ],
  setDefaults: setNetworkPolicyDefaults,
  validate: validateNetworkPolicy,
  warningsOnCreate: networkPolicyWarnings,
  warningsOnUpdate: networkPolicyWarnings,
});
