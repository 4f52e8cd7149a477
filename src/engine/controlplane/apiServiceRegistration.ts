// autoregister: each version of custom resources that is served has an APIService.
// Source: pkg/controlplane/controller/crdregistration, kube-aggregator pkg/controllers/autoregister, 1.34.
import { APIService } from "../../api/kinds/apiService.ts";
import { CustomResourceDefinition } from "../../api/kinds/customResourceDefinition.ts";
import type { ObjectKey } from "../../api/object.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../../api/types.ts";
import { automanaged, localApiService } from "../bootstrap/apiServices.ts";
import { type ControllerFactory, trigger } from "../controllers/controller.ts";

export const apiServiceRegistration: ControllerFactory = () => ({
  name: "autoregister",
  triggers: [
    trigger(CustomResourceDefinition, ({ old, now }) => [...keysOf(old), ...keysOf(now)]),
    trigger(APIService, ({ old }) =>
      old?.metadata.labels?.[automanaged] === "true" ? [keyOf(old.metadata.name)] : [],
    ),
  ],
  reconcile(key, { cache, client }) {
    const [version = "", ...group] = key.name.split(".");
    const isServed = cache(CustomResourceDefinition)
      .list()
      .some((definition) => serves(definition, group.join("."), version));
    const present = cache(APIService).get(key);
    if (isServed && !present)
      client.create(APIService, localApiService(group.join("."), version, "true"));
    else if (!isServed && present?.metadata.labels?.[automanaged] === "true")
      client.delete(APIService, key);
    return undefined;
  },
});

function keysOf(definition: DefinitionObject | undefined): readonly ObjectKey[] {
  const { group = "", versions = [] } = definition?.spec ?? {};
  return versions.map(({ name }) => keyOf(`${name}.${group}`));
}

function keyOf(name: string): ObjectKey {
  return { namespace: "", name };
}

function serves({ spec }: DefinitionObject, group: string, version: string): boolean {
  return (
    spec.group === group && spec.versions.some(({ name, served }) => served && name === version)
  );
}
