// Whether a Pod's volumes can be mounted: those that show ConfigMaps and Secrets need them to exist.
// Source: pkg/volume/{configmap,secret} and volumemanager, kubernetes v1.34.
import type { Kind } from "../../api/kind.ts";
import { ConfigMap as ConfigMapKind } from "../../api/kinds/configMap.ts";
import { Secret as SecretKind } from "../../api/kinds/secret.ts";
import type { KubeObject } from "../../api/object.ts";
import { ApiError } from "../../api/status.ts";
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
  const failureOf = <T extends KubeObject>(kind: Kind<T>, name: string): string | undefined => {
    try {
      client.get(kind, { namespace, name });
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.reason === "NotFound" ? `${kind.singular} "${name}" not found` : error.message;
    }
  };
  const absentMap = (name = "", optional = false) =>
    optional ? undefined : failureOf(ConfigMapKind, name);
  const absentSecret = (name = "", optional = false) =>
    optional ? undefined : failureOf(SecretKind, name);
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
