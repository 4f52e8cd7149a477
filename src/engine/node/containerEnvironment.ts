// A container's environment variables, with what they refer to.
// Source: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, kubernetes v1.34.
import { ConfigMap as ConfigMapKind } from "../../api/kinds/configMap.ts";
import { Secret as SecretKind } from "../../api/kinds/secret.ts";
import { ApiError } from "../../api/status.ts";
import type { ConfigMap, Container, EnvVar, Pod, Secret } from "../../api/types.ts";
import type { LocalClient } from "../localClient.ts";

export type Environment =
  | { readonly env: Readonly<Record<string, string>> }
  /** Words for CreateContainerConfigError. */
  | { readonly error: string };

/** What a container's variables may refer to beside the API. */
export interface EnvironmentSources {
  readonly client: LocalClient;
  readonly pod: Pod;
  readonly nodeAddress: string;
  readonly podIp: string | undefined;
}

/** Breaks off the resolution at the first reference that leads nowhere. */
class Unresolved extends Error {}

export function environmentOf(container: Container, sources: EnvironmentSources): Environment {
  const env: Record<string, string> = { HOSTNAME: sources.pod.metadata.name };
  try {
    addSets(env, container, sources);
    for (const variable of container.env ?? []) {
      const value = valueOfVariable(variable, container, sources);
      if (value !== undefined) env[variable.name] = expand(value, env);
    }
    return { env };
  } catch (error) {
    if (error instanceof Unresolved) return { error: error.message };
    throw error;
  }
}

function addSets(env: Record<string, string>, container: Container, sources: EnvironmentSources) {
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? dataOf(findConfigMap(sources, configMapRef))
      : secretRef && textsOf(findSecret(sources, secretRef));
    for (const [name, value] of Object.entries(data ?? {})) env[`${prefix}${name}`] = value;
  }
}

function valueOfVariable(
  { value, valueFrom }: EnvVar,
  container: Container,
  sources: EnvironmentSources,
): string | undefined {
  const {
    configMapKeyRef: map,
    secretKeyRef: secret,
    fieldRef,
    resourceFieldRef,
  } = valueFrom ?? {};
  const namespace = sources.pod.metadata.namespace ?? "";
  if (map) {
    const data = dataOf(findConfigMap(sources, map));
    if (data?.[map.key] === undefined && !map.optional)
      throw new Unresolved(`couldn't find key ${map.key} in ConfigMap ${namespace}/${map.name}`);
    return data?.[map.key];
  }
  if (secret) {
    const data = textsOf(findSecret(sources, secret));
    if (data?.[secret.key] === undefined && !secret.optional)
      throw new Unresolved(`couldn't find key ${secret.key} in Secret ${namespace}/${secret.name}`);
    return data?.[secret.key];
  }
  if (fieldRef) return podField(fieldRef.fieldPath, sources);
  if (resourceFieldRef) return resourceField(resourceFieldRef.resource, container);
  return value ?? "";
}

interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
}

function findConfigMap(sources: EnvironmentSources, reference: Reference): ConfigMap | undefined {
  return found(reference, "configmap", (key) => sources.client.get(ConfigMapKind, key), sources);
}

function findSecret(sources: EnvironmentSources, reference: Reference): Secret | undefined {
  return found(reference, "secret", (key) => sources.client.get(SecretKind, key), sources);
}

function found<T>(
  { name = "", optional = false }: Reference,
  what: string,
  get: (key: { namespace: string; name: string }) => T,
  { pod }: EnvironmentSources,
): T | undefined {
  try {
    return get({ namespace: pod.metadata.namespace ?? "", name });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason !== "NotFound") throw new Unresolved(error.message);
    if (optional) return undefined;
    throw new Unresolved(`${what} "${name}" not found`);
  }
}

function dataOf(map: ConfigMap | undefined): Readonly<Record<string, string>> | undefined {
  return map && { ...map.data };
}

/** Secrets hold base64; what it stands for matters to no program here, so it stays as it is. */
function textsOf(secret: Secret | undefined): Readonly<Record<string, string>> | undefined {
  return secret && { ...secret.data };
}

function podField(path: string, { pod, nodeAddress, podIp }: EnvironmentSources): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed)
    return metadata[keyed[1] === "labels" ? "labels" : "annotations"]?.[keyed[2] ?? ""] ?? "";
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.hostIP": nodeAddress,
    "status.podIP": podIp,
    "status.podIPs": podIp,
  };
  return fields[path] ?? "";
}

function resourceField(path: string, { resources }: Container): string {
  const [list = "", name = ""] = path.split(/\.(.*)/);
  const amounts = list === "limits" ? resources?.limits : resources?.requests;
  return String(amounts?.[name] ?? "0");
}

/** $(NAME) refers to a variable before it. Source: third_party/forked/golang/expansion. */
function expand(value: string, env: Readonly<Record<string, string>>): string {
  return value.replace(/\$\((\w+)\)/g, (all, name: string) => env[name] ?? all);
}
