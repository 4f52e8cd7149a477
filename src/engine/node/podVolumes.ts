// Whether a Pod's volumes can be mounted: those that show ConfigMaps and Secrets need them to exist.
// Source: pkg/volume/{configmap,secret} and volumemanager, kubernetes v1.34.
import type { Kind } from "../../api/kind.ts";
import { ConfigMap as ConfigMapKind } from "../../api/kinds/configMap.ts";
import { Secret as SecretKind } from "../../api/kinds/secret.ts";
import type { KubeObject } from "../../api/object.ts";
import { hasReason } from "../../api/status.ts";
import type { Pod, Volume } from "../../api/types.ts";
import type { LocalClient } from "../localClient.ts";

export interface MountFailure {
  readonly volume: string;
  /** The words of the FailedMount event. */
  readonly message: string;
}

/** All volumes that cannot be mounted now. */
export function mountFailures(client: LocalClient, pod: Pod): readonly MountFailure[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const missing = missingSource(client, pod.metadata.namespace ?? "", volume);
    if (missing === undefined) return [];
    const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`;
    return [{ volume: volume.name, message }];
  });
}

function missingSource(client: LocalClient, namespace: string, volume: Volume): string | undefined {
  const { configMap, secret, projected } = volume;
  const isThere = <T extends KubeObject>(kind: Kind<T>, name: string): boolean => {
    try {
      client.get(kind, { namespace, name });
      return true;
    } catch (error) {
      if (hasReason(error, "NotFound")) return false;
      throw error;
    }
  };
  const absentMap = (name = "", optional = false) =>
    optional || isThere(ConfigMapKind, name) ? undefined : `configmap "${name}" not found`;
  const absentSecret = (name = "", optional = false) =>
    optional || isThere(SecretKind, name) ? undefined : `secret "${name}" not found`;
  if (configMap) return absentMap(configMap.name, configMap.optional);
  if (secret) return absentSecret(secret.secretName, secret.optional);
  for (const source of projected?.sources ?? []) {
    const missing = source.configMap
      ? absentMap(source.configMap.name, source.configMap.optional)
      : source.secret && absentSecret(source.secret.name, source.secret.optional);
    if (missing) return missing;
  }
  return undefined;
}
