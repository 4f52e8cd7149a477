// The structure of kinds that are not built in, as definitions of the workspace or the cluster give it.
import { ResourceSchema } from "../api/crd/resourceSchema.ts";
import type { CustomResourceDefinition } from "../api/types.ts";

export interface CustomKinds {
  find(apiVersion: string, kind: string): ResourceSchema | undefined;
}

/**
 * The kinds that these definitions make. Versions without a schema are left out: nothing is known of
 * their objects. Where two define the same, the earlier counts.
 */
export function customKindsOf(definitions: readonly CustomResourceDefinition[]): CustomKinds {
  const schemas = new Map<string, ResourceSchema>();
  for (const { spec } of definitions)
    for (const version of spec.versions) {
      const apiVersion = `${spec.group}/${version.name}`;
      const key = `${apiVersion}/${spec.names.kind}`;
      if (!version.served || !version.schema?.openAPIV3Schema || schemas.has(key)) continue;
      const { kind } = spec.names;
      const namespaced = spec.scope === "Namespaced";
      schemas.set(key, new ResourceSchema({ apiVersion, kind, namespaced, version }));
    }
  return { find: (apiVersion, kind) => schemas.get(`${apiVersion}/${kind}`) };
}
