// replicaset-controller: keeps as many Pods as a ReplicaSet asks for.
import { ReplicaSet } from "../../api/kinds/replicaSet.ts";
import { labelSelectorOf } from "../../api/selector.ts";
import type { ControllerFactory } from "./controller.ts";
import { replicasController } from "./replicas.ts";

/** Source: pkg/controller/replicaset, kubernetes v1.34. */
export const replicaSet: ControllerFactory = () =>
  replicasController({
    kind: ReplicaSet,
    name: "replicaset-controller",
    account: "replicaset-controller",
    selectorOf: ({ spec }) => labelSelectorOf(spec.selector),
  });
