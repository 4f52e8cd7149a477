// apiextensions-apiserver's part that runs by itself: definitions become kinds, and go again.
import { customResourceKind } from "../../api/crd/customResourceKind.ts";
import type { Kind, KindRegistry } from "../../api/kind.ts";
import { type KubeObject, keyOf } from "../../api/object.ts";
import { userNamed } from "../../api/user.ts";
import type { Random } from "../../base/random.ts";
import type { VirtualClock } from "../clock.ts";
import { ControllerManager } from "../controllers/controllerManager.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import type { Registry } from "../registry/registry.ts";
import type { Store } from "../store/store.ts";
import type { Trace } from "../trace.ts";
import { establishing } from "./establishing.ts";
import { Finalizer, type Instances } from "./finalizer.ts";
import { naming } from "./naming.ts";
import { ServedResources } from "./servedResources.ts";

export interface ApiExtensionsWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly trace: Trace;
  readonly random: Random;
  readonly kinds: KindRegistry;
  readonly apiServer: ApiServer;
}

/** Serves custom resources for as long as the API server lives. */
export function startApiExtensions(world: ApiExtensionsWorld): void {
  const { clock, trace, random, apiServer, store, kinds } = world;
  new ServedResources(store, kinds);
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
