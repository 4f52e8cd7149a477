// An object as Go prints the API server's internal types: every field, under its Go name. The
// internal types are close to v1; what differs is told here. Source: pkg/apis/core/types.go, 1.34.
import { type GoField, goStruct } from "./goStructs.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Definitions whose fields come in another order than in v1. */
const orders: Readonly<Record<string, string>> = {
  "core.v1.PodSpec":
    "volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride",
  "core.v1.PodSecurityContext":
    "hostNetwork hostPID hostIPC shareProcessNamespace hostUsers seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy",
  "core.v1.VolumeSource":
    "hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image",
  "core.v1.PersistentVolumeSource":
    "gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc flocker azureFile vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi",
};

/** Fields of v1's PodSpec that the internal types keep in its security context. */
const hostFields = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/** Go names that are more than the JSON name with a capital letter. */
const goNames: Readonly<Record<string, string>> = {
  apiGroup: "APIGroup",
  apiVersion: "APIVersion",
  awsElasticBlockStore: "AWSElasticBlockStore",
  cephfs: "CephFS",
  chapAuthDiscovery: "DiscoveryCHAPAuth",
  chapAuthSession: "SessionCHAPAuth",
  csi: "CSI",
  diskURI: "DataDiskURI",
  dnsConfig: "DNSConfig",
  dnsPolicy: "DNSPolicy",
  fc: "FC",
  fsGroup: "FSGroup",
  fsGroupChangePolicy: "FSGroupChangePolicy",
  fsType: "FSType",
  gcePersistentDisk: "GCEPersistentDisk",
  gmsaCredentialSpec: "GMSACredentialSpec",
  gmsaCredentialSpecName: "GMSACredentialSpecName",
  grpc: "GRPC",
  httpGet: "HTTPGet",
  httpHeaders: "HTTPHeaders",
  ip: "IP",
  iqn: "IQN",
  iscsi: "ISCSI",
  iscsiInterface: "ISCSIInterface",
  nfs: "NFS",
  os: "OS",
  pdName: "PDName",
  rbd: "RBD",
  seLinuxChangePolicy: "SELinuxChangePolicy",
  seLinuxOptions: "SELinuxOptions",
  sslEnabled: "SSLEnabled",
  storageos: "StorageOS",
  tcpSocket: "TCPSocket",
  tty: "TTY",
  uid: "UID",
  wwids: "WWIDs",
};

const cephNames = {
  monitors: "CephMonitors",
  image: "RBDImage",
  pool: "RBDPool",
  user: "RadosUser",
};
const glusterNames = { endpoints: "EndpointsName" };

/** Go names that only one definition has. */
const ownNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "core.v1.GlusterfsPersistentVolumeSource": glusterNames,
  "core.v1.GlusterfsVolumeSource": glusterNames,
  "core.v1.RBDPersistentVolumeSource": cephNames,
  "core.v1.RBDVolumeSource": cephNames,
};

/** The text of json.MarshalIndent with one blank, without a newline at its end. */
export function internalJson(definition: string, object: object): string {
  const text = JSON.stringify(internalValue(definition, object), undefined, 1);
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same as a value to be printed. */
export function internalValue(definition: string, object: object): unknown {
  return structValue(definition, object as Fields);
}

/** Structs of meta/v1 are the same inside and outside: only what is set is printed. */
function structValue(definition: string, object: Fields): unknown {
  if (definition.startsWith("meta.v1.")) return object;
  const internal = definition === "core.v1.PodSpec" ? withHostFields(object) : object;
  return Object.fromEntries(entriesOf(definition, internal));
}

function withHostFields(spec: Fields): Fields {
  const moved = Object.fromEntries(hostFields.map((name) => [name, spec[name]]));
  return { ...spec, securityContext: { ...(spec.securityContext as object), ...moved } };
}

function entriesOf(definition: string, object: Fields): readonly (readonly [string, unknown])[] {
  return fieldsOf(definition).flatMap((field) => {
    const { name, type, shape } = field;
    if (name === "" || type === "meta.v1.ObjectMeta")
      return type.startsWith("meta.v1.")
        ? Object.entries((object[name] ?? {}) as object)
        : entriesOf(type, object);
    const value = fieldValue(type, shape, object[name]);
    return [[goName(definition, name), value] as const];
  });
}

function fieldsOf(definition: string): readonly GoField[] {
  const fields = goStruct(definition) ?? [];
  const names = orders[definition]?.split(" ");
  if (!names) return fields;
  const known = [...fields, ...(goStruct("core.v1.PodSpec") ?? [])];
  return names.flatMap((name) => known.find((field) => field.name === name) ?? []);
}

function goName(definition: string, name: string): string {
  return (
    ownNames[definition]?.[name] ?? goNames[name] ?? name.charAt(0).toUpperCase() + name.slice(1)
  );
}

function fieldValue(type: string, shape: GoField["shape"], value: unknown): unknown {
  if (value === undefined) return shape === "value" ? zeroOf(type) : null;
  if (shape === "list") return (value as readonly unknown[]).map((item) => plainValue(type, item));
  if (shape !== "map") return plainValue(type, value);
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, plainValue(type, item)]));
}

function plainValue(type: string, value: unknown): unknown {
  return isStruct(type) ? structValue(type, value as Fields) : value;
}

function zeroOf(type: string): unknown {
  if (isStruct(type)) return structValue(type, {});
  if (type === "string") return "";
  if (type === "bool") return false;
  if (type === "api.resource.Quantity") return "0";
  return 0;
}

function isStruct(type: string): boolean {
  return goStruct(type) !== undefined;
}
