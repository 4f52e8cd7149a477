// kube-apiserver's part that runs by itself: it says what it serves, keeps the addresses of Services as
// objects, and tells whether flow schemas lead anywhere. Source: pkg/controlplane, 1.34.
import type { KindRegistry } from "../../api/kind.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import type { VirtualClock } from "../clock.ts";
import { ControllerManager } from "../controllers/controllerManager.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import type { Trace } from "../trace.ts";
import { apiServiceAvailability } from "./apiServiceAvailability.ts";
import { apiServiceRegistration } from "./apiServiceRegistration.ts";
import { flowSchemaStatus } from "./flowSchemaStatus.ts";
import { serviceIpRepair } from "./serviceIpRepair.ts";

export interface ControlPlaneWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly apiServer: ApiServer;
  readonly kinds: KindRegistry;
}

/** Runs until it is disposed, as long as the API server lives. */
export function startControlPlane({
  clock,
  trace,
  random,
  apiServer,
  kinds,
}: ControlPlaneWorld): Disposable {
  const controllers = new ControllerManager(
    [apiServiceRegistration, apiServiceAvailability(kinds), flowSchemaStatus, serviceIpRepair],
    {
      clock,
      trace,
      random: random.fork("controlplane"),
      source: apiServer,
      clientFor: () => apiServer.client("system:apiserver"),
    },
  );
  controllers.start();
  return controllers;
}
