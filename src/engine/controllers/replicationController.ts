// replicationcontroller-controller: the same for the ReplicaSet's elder.
import { ReplicationController } from "../../api/kinds/replicationController.ts";
import { Selector } from "../../api/selector.ts";
import type { ControllerFactory } from "./controller.ts";
import { replicasController } from "./replicas.ts";

/** Source: pkg/controller/replication, kubernetes v1.34. */
export const replicationController: ControllerFactory = () =>
  replicasController({
    kind: ReplicationController,
    name: "replicationcontroller-controller",
    account: "replication-controller",
    selectorOf: ({ spec }) => (spec.selector ? Selector.ofLabels(spec.selector) : Selector.nothing),
  });
