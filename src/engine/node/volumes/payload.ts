// What the files of a volume say that shows objects of the API.
// Source: pkg/volume/{configmap,secret,downwardapi,projected}, kubernetes v1.34.

import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  Secret,
  Volume,
  VolumeProjection,
} from "../../../api/types.ts";
import { decodeBase64Bytes } from "../../../base/base64.ts";
import { type PodFacts, podField, resourceField } from "../downwardApi.ts";

export interface PayloadFile {
  readonly data: string | Uint8Array;
  readonly mode: number;
  /** Its owner, if not root. */
  readonly uid?: number;
}

/** Files by their path in the volume. */
export type Payload = ReadonlyMap<string, PayloadFile>;

/** How to read what a volume shows. */
export interface PayloadSources {
  /** @throws MissingSource in the words of FailedMount */
  configMap(name: string): ConfigMap;
  secret(name: string): Secret;
  /** A token for the Pod's account; undefined if there can be none any more. */
  token(audience: string | undefined, expirationSeconds: number | undefined): string | undefined;
  readonly facts: PodFacts;
}

/** Why a volume can't be set up, in the words of the event. */
export class MissingSource extends Error {
  constructor(
    message: string,
    /** The object as a whole is not there. */
    readonly isAbsent = false,
  ) {
    super(message);
  }
}

const defaultMode = 0o644;

/** Undefined for volumes that show nothing of the API. @throws MissingSource */
export function payloadOf(volume: Volume, sources: PayloadSources): Payload | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return new Map(configMapFiles(configMap, configMap.defaultMode, sources));
  if (secret) {
    const { secretName: name = "", ...rest } = secret;
    return new Map(secretFiles({ name, ...rest }, secret.defaultMode, sources));
  }
  if (downwardAPI)
    return new Map(downwardFiles(downwardAPI.items, downwardAPI.defaultMode, sources));
  if (!projected) return undefined;
  const files = (projected.sources ?? []).flatMap((source) =>
    projectedFiles(source, projected.defaultMode, sources),
  );
  return new Map(files);
}

type Files = (readonly [path: string, file: PayloadFile])[];

interface Selection {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

function projectedFiles(
  { configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection,
  mode: number | undefined,
  sources: PayloadSources,
): Files {
  if (configMap) return configMapFiles(configMap, mode, sources);
  if (secret) return secretFiles(secret, mode, sources);
  if (downwardAPI) return downwardFiles(downwardAPI.items, mode, sources);
  if (!serviceAccountToken) return [];
  const { audience, expirationSeconds, path } = serviceAccountToken;
  const text = sources.token(audience, expirationSeconds);
  return text === undefined ? [] : [[path, tokenFile(text, mode, sources.facts.pod)]];
}

/** Who is not root reads its token by the group, or as its owner. */
function tokenFile(data: string, mode = defaultMode, { spec }: Pod): PayloadFile {
  const uid = commonUser(spec);
  const isPrivate = uid !== undefined || spec.securityContext?.fsGroup !== undefined;
  return { data, mode: isPrivate ? 0o600 : mode, ...(uid === undefined ? {} : { uid }) };
}

/** The user of all containers, if they have one. Source: pkg/volume/util FsUserFrom. */
function commonUser({ containers, initContainers = [], securityContext }: Pod["spec"]) {
  const users = [...initContainers, ...containers].map(
    (container) => container.securityContext?.runAsUser ?? securityContext?.runAsUser,
  );
  return users.every((user) => user === users[0]) ? users[0] : undefined;
}

function configMapFiles(
  { name = "", items, optional = false }: Selection,
  mode: number | undefined,
  sources: PayloadSources,
): Files {
  const map = orNone(optional, () => sources.configMap(name));
  const data: Record<string, string | Uint8Array> = { ...map?.data };
  for (const [key, value] of Object.entries(map?.binaryData ?? {})) data[key] = bytesOf(value);
  return chosen(data, { items, optional, mode, what: "configmap references non-existent config" });
}

function secretFiles(
  { name = "", items, optional = false }: Selection,
  mode: number | undefined,
  sources: PayloadSources,
): Files {
  const secret = orNone(optional, () => sources.secret(name));
  const data: Record<string, Uint8Array> = {};
  for (const [key, value] of Object.entries(secret?.data ?? {})) data[key] = bytesOf(value);
  return chosen(data, { items, optional, mode, what: "references non-existent secret" });
}

function downwardFiles(
  items: readonly DownwardAPIVolumeFile[] = [],
  mode = defaultMode,
  { facts }: PayloadSources,
): Files {
  return items.map(({ path, fieldRef, resourceFieldRef, mode: own = mode }) => {
    const data = fieldRef
      ? podField(fieldRef.fieldPath, facts)
      : resourceFieldRef
        ? resourceField(resourceFieldRef, undefined, facts)
        : "";
    return [path, { data, mode: own }];
  });
}

interface Choice {
  readonly items: readonly KeyToPath[] | undefined;
  readonly optional: boolean;
  readonly mode: number | undefined;
  readonly what: string;
}

function chosen(
  data: Readonly<Record<string, string | Uint8Array>>,
  { items, optional, mode = defaultMode, what }: Choice,
): Files {
  if (!items || items.length === 0)
    return Object.keys(data)
      .sort()
      .map((key) => [key, { data: data[key] ?? "", mode }]);
  return items.flatMap(({ key, path, mode: own = mode }): Files => {
    const value = data[key];
    if (value !== undefined) return [[path, { data: value, mode: own }]];
    if (optional) return [];
    throw new MissingSource(`${what} key: ${key}`);
  });
}

function orNone<T>(optional: boolean, get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (optional && error instanceof MissingSource && error.isAbsent) return undefined;
    throw error;
  }
}

function bytesOf(text: string): Uint8Array {
  return decodeBase64Bytes(text);
}
