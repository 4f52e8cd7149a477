// Reads a kind cluster file: decode strictly, default as kind does, validate, and make the cluster that it
// describes. What the simulation cannot do is refused, not passed over.
// Source: kind pkg/apis/config/v1alpha4 and pkg/cluster/internal/providers, 0.30.
import { type ClusterSpec, type MachineSpec, type SetUp, usualSize } from "../clusterSpec.ts";
import {
  type FieldError,
  fieldErrorText,
  invalid,
  notSupported,
  required,
  tooMany,
} from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import { decodeStruct } from "../schema.ts";
import type { Taint } from "../types.ts";
import { type NodeFields, validateMachine } from "./machineFields.ts";
import { type RegistrationPatch, readRegistrationPatches } from "./registrationPatch.ts";
import { clusterNode } from "./structure.ts";

export const clusterFileKind = "Cluster";
export const clusterFileVersion = "kind.x-k8s.io/v1alpha4";

/** The networks that a simulated cluster has. */
const podSubnet = "10.244.0.0/16";
const serviceSubnet = "10.96.0.0/16";
const setUps: readonly SetUp[] = ["kubeadm", "byHand"];

interface ClusterFields {
  readonly name?: string;
  readonly nodes?: readonly NodeFields[];
  readonly networking?: {
    readonly ipFamily?: string;
    readonly podSubnet?: string;
    readonly serviceSubnet?: string;
    readonly disableDefaultCNI?: boolean;
    readonly kubeProxyMode?: string;
  };
  readonly kubernetesTutor?: { readonly setUp?: string };
}

/** What is wrong, and where. */
export interface ClusterFileProblem {
  readonly path: FieldPath;
  readonly message: string;
}

export type ClusterFileResult =
  | { readonly name: string; readonly spec: ClusterSpec }
  | { readonly problems: readonly ClusterFileProblem[] };

/**
 * @param value of the file's document
 * @param parseYaml reads the texts of kubeadmConfigPatches; throws an Error if one is no YAML
 */
export function readClusterFile(
  value: unknown,
  parseYaml: (text: string) => unknown,
): ClusterFileResult {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refused(FieldPath.root, "the cluster file is not an object");
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  if (apiVersion !== clusterFileVersion || kind !== clusterFileKind)
    return refused(
      FieldPath.of("kind"),
      `unknown apiVersion: ${String(apiVersion ?? "")} and kind: ${String(kind ?? "")}; ` +
        `a cluster file has apiVersion: ${clusterFileVersion} and kind: ${clusterFileKind}`,
    );
  const decoded = decodeStruct(clusterNode, value as Readonly<Record<string, unknown>>);
  if (decoded.problems.length > 0)
    return { problems: decoded.problems.map(({ path, message }) => ({ path, message })) };
  return clusterOf(decoded.result as ClusterFields, parseYaml);
}

function clusterOf(fields: ClusterFields, parseYaml: (text: string) => unknown): ClusterFileResult {
  const { name = "kind", networking = {}, kubernetesTutor = {} } = fields;
  const nodes = fields.nodes?.length ? fields.nodes : [{ role: "control-plane" }];
  const at = FieldPath.of("nodes");
  const patches = nodes.map(({ kubeadmConfigPatches = [] }, i) =>
    readRegistrationPatches(
      kubeadmConfigPatches,
      at.index(i).child("kubeadmConfigPatches"),
      parseYaml,
    ),
  );
  const machines = machinesOf(name, nodes, patches);
  const misnamed = nameErrors(name);
  // Names of machines that are made of it would be wrong as well.
  if (misnamed.length > 0) return { problems: misnamed.map(problemOf) };
  const errors = [
    ...roleErrors(nodes, at),
    ...patches.flatMap((patch) => patch.errors),
    ...machines.flatMap((machine, i) => validateMachine(machine, at.index(i))),
    ...nameClashes(machines, at),
    ...networkingErrors(networking),
    ...setUpErrors(kubernetesTutor),
  ];
  if (errors.length > 0) return { problems: errors.map(problemOf) };
  const setUp = (kubernetesTutor.setUp ?? "kubeadm") as SetUp;
  const hasKubeProxy = networking.kubeProxyMode !== "none";
  // Who starts everything by hand installs everything by hand.
  const bare = setUp === "byHand" ? { hasDefaultStorage: false, hasMetricsServer: false } : {};
  return { name, spec: { machines, setUp, hasKubeProxy, ...bare } };
}

/** kind's names: "kind-control-plane", "kind-worker", "kind-worker2". */
function machinesOf(
  cluster: string,
  nodes: readonly NodeFields[],
  patches: readonly RegistrationPatch[],
): readonly MachineSpec[] {
  const counts = new Map<string, number>();
  return nodes.map((node, i) => {
    const { role = "control-plane", labels = {}, kubernetesTutor = {} } = node;
    const { name, taints = [], ...size } = kubernetesTutor;
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    const patch = patches[i];
    const allLabels = { ...patch?.labels, ...labels };
    const allTaints: readonly Taint[] = [...(patch?.taints ?? []), ...taints];
    return {
      name: name ?? `${cluster}-${role}${count > 1 ? count : ""}`,
      role: role as MachineSpec["role"],
      ...usualSize,
      ...size,
      ...(Object.keys(allLabels).length > 0 ? { labels: allLabels } : {}),
      ...(allTaints.length > 0 ? { taints: allTaints } : {}),
      ...(nodes.length === 1 ? { isUntainted: true } : {}),
    };
  });
}

/** Source: kind validate.go validNameRE. */
function nameErrors(name: string): readonly FieldError[] {
  const valid = /^[a-z0-9.-]+$/;
  if (valid.test(name)) return [];
  const detail = `'${name}' is not a valid cluster name, cluster names must match \`${valid.source}\``;
  return [invalid(FieldPath.of("name"), name, detail)];
}

function roleErrors(nodes: readonly NodeFields[], path: FieldPath): readonly FieldError[] {
  const roles = nodes.map(({ role = "control-plane" }) => role);
  const wrong = roles.flatMap((role, i) =>
    role === "control-plane" || role === "worker"
      ? []
      : [notSupported(path.index(i).child("role"), role, ["control-plane", "worker"])],
  );
  const controlPlanes = roles.filter((role) => role === "control-plane").length;
  if (controlPlanes === 0)
    return [...wrong, required(path, "must have at least one control-plane node")];
  return controlPlanes > 1 ? [...wrong, tooMany(path, controlPlanes, 1)] : wrong;
}

function nameClashes(machines: readonly MachineSpec[], path: FieldPath): readonly FieldError[] {
  return machines.flatMap(({ name }, i) =>
    machines.findIndex((other) => other.name === name) < i
      ? [
          invalid(
            path.index(i).child("kubernetesTutor", "name"),
            name,
            "another node has this name",
          ),
        ]
      : [],
  );
}

function networkingErrors(networking: NonNullable<ClusterFields["networking"]>) {
  const path = FieldPath.of("networking");
  const only = (name: keyof typeof networking, ...choices: readonly string[]): FieldError[] => {
    const value = networking[name];
    const isFine = value === undefined || value === "" || choices.includes(String(value));
    return isFine ? [] : [notSupported(path.child(name), value, choices)];
  };
  return [
    ...only("ipFamily", "ipv4"),
    ...only("podSubnet", podSubnet),
    ...only("serviceSubnet", serviceSubnet),
    ...only("disableDefaultCNI", "false"),
    ...only("kubeProxyMode", "iptables", "none"),
  ];
}

function setUpErrors({ setUp }: NonNullable<ClusterFields["kubernetesTutor"]>) {
  if (setUp === undefined || setUps.some((known) => known === setUp)) return [];
  return [notSupported(FieldPath.of("kubernetesTutor", "setUp"), setUp, setUps)];
}

function problemOf(error: FieldError): ClusterFileProblem {
  return { path: error.path, message: fieldErrorText(error) };
}

function refused(path: FieldPath, message: string): ClusterFileResult {
  return { problems: [{ path, message }] };
}
