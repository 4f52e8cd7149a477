// A container's environment variables, with what they refer to.
// Source: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, kubernetes v1.34.
import { ConfigMap as ConfigMapKind } from "../../api/kinds/configMap.ts";
import { Secret as SecretKind } from "../../api/kinds/secret.ts";
import { ApiError } from "../../api/status.ts";
import type { ConfigMap, Container, EnvVar, Secret, Service } from "../../api/types.ts";
import { decodeBase64Bytes } from "../../base/base64.ts";
import type { LocalClient } from "../localClient.ts";
import type { Lister } from "../localInformer.ts";
import { type PodFacts, podField, resourceField } from "./downwardApi.ts";
import { textOf } from "./process/byteText.ts";
import { serviceVariables } from "./serviceVariables.ts";
import { expanded } from "./variableExpansion.ts";

export type Environment =
  | { readonly env: Readonly<Record<string, string>> }
  /** Words for CreateContainerConfigError. */
  | { readonly error: string };

/** What a container's variables may refer to beside the API. */
export interface EnvironmentSources {
  readonly client: LocalClient;
  readonly services: Lister<Service>;
  readonly facts: PodFacts;
}

/** Breaks off the resolution at the first reference that leads nowhere. */
class Unresolved extends Error {}

export function environmentOf(container: Container, sources: EnvironmentSources): Environment {
  const { facts } = sources;
  const env: Record<string, string> = {};
  const services = serviceVariables(sources.services, facts.pod);
  try {
    addSets(env, container, sources);
    for (const variable of container.env ?? []) {
      const value = valueOfVariable(variable, container, sources);
      const known = (name: string) => env[name] ?? services[name];
      if (value !== undefined) env[variable.name] = expanded(value, known);
    }
    return { env: Object.keys(env).length > 0 ? { ...services, ...env } : services };
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
  const namespace = sources.facts.pod.metadata.namespace ?? "";
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
  if (fieldRef) return podField(fieldRef.fieldPath, sources.facts);
  if (resourceFieldRef) return resourceField(resourceFieldRef, container, sources.facts);
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
  { facts: { pod } }: EnvironmentSources,
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

/** What the Secret's base64 stands for. */
function textsOf(secret: Secret | undefined): Readonly<Record<string, string>> | undefined {
  if (!secret) return undefined;
  const texts = Object.entries(secret.data ?? {}).map(([key, value]) => [
    key,
    textOf(decodeBase64Bytes(value)),
  ]);
  return Object.fromEntries(texts);
}
