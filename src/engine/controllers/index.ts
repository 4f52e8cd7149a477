// The controllers of kube-controller-manager, in the order in which the tree shows them.
import type { ControllerFactory } from "./controller.ts";
import { deployment } from "./deployment/deployment.ts";
import { nodeIpam } from "./nodeIpam.ts";
import { replicaSet } from "./replicaSet.ts";
import { replicationController } from "./replicationController.ts";
import { rootCACertPublisher } from "./rootCACertPublisher.ts";
import { serviceAccount } from "./serviceAccount.ts";

export const controllers: readonly ControllerFactory[] = [
  deployment,
  replicaSet,
  replicationController,
  nodeIpam,
  serviceAccount,
  rootCACertPublisher(""),
];
