// apiextensions-apiserver's part that runs by itself: definitions become kinds, and go again.
import { customResourceKind } from "../../api/crd/customResourceKind.ts";
import type { Kind } from "../../api/kind.ts";
import { type KubeObject, keyOf } from "../../api/object.ts";
import { userNamed } from "../../api/user.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import type { VirtualClock } from "../clock.ts";
import { ControllerManager } from "../controllers/controllerManager.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import type { Registry } from "../registry/registry.ts";
import type { Trace } from "../trace.ts";
import { establishing } from "./establishing.ts";
import { Finalizer, type Instances } from "./finalizer.ts";
import { naming } from "./naming.ts";

export interface ApiExtensionsWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly apiServer: ApiServer;
}

/** Accepts definitions, and empties those that go, until it is disposed; what is accepted is served. */
export function startApiExtensions(world: ApiExtensionsWorld): Disposable {
  const { clock, trace, random, apiServer } = world;
  const instances = instancesIn(apiServer.registry);
  const factories = [naming, establishing, () => new Finalizer(instances)];
  const controllers = new ControllerManager(factories, {
    clock,
    trace,
    random: random.fork("apiextensions"),
    source: apiServer,
    clientFor: () => apiServer.client("system:apiserver"),
  });
  controllers.start();
  return controllers;
}

function instancesIn(registry: Registry): Instances {
  const user = userNamed("system:apiserver");
  return {
    kindOf: customResourceKind,
    count: (kind) => registry.list(kind).length,
    deleteAll(kind: Kind) {
      for (const object of registry.list(kind) as readonly KubeObject[])
        registry.delete(kind, keyOf(object), { user, options: {}, warnings: [] });
    },
  };
}
