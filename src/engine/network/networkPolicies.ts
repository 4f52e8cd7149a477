// What NetworkPolicies say of a connection. Pure. Policies of one direction add up: a Pod that none of
// them selects is open, one that is selected takes only what some policy allows.
// Source: networking.k8s.io/v1 types.go, kubernetes v1.34.
import { labelSelectorOf } from "../../api/selector.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from "../../api/types.ts";
import { isAddressIn } from "./addresses.ts";
import type { Protocol } from "./containerNetwork.ts";

/** One end of a connection: a Pod with a network of its own, or an address that is no Pod's. */
export interface PolicyEnd {
  readonly ip: string;
  readonly pod?: Pod;
}

export interface Flow {
  readonly from: PolicyEnd;
  /** Where it really goes, behind a Service's address. */
  readonly to: PolicyEnd;
  readonly port: number;
  readonly protocol: Protocol;
}

export type PolicyDirection = "Ingress" | "Egress";

export interface PolicyWorld {
  policies(namespace: string): readonly NetworkPolicy[];
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
}

export interface PolicyVerdict {
  readonly direction: PolicyDirection;
  /** The policies that select the Pod, by name; none leave it open. */
  readonly selectedBy: readonly string[];
  /** The first of them that allows the connection. */
  readonly allowedBy: string | undefined;
  readonly isAllowed: boolean;
}

/** What the policies of the Pod at one end say; undefined if that end is no Pod. */
export function policyVerdict(
  direction: PolicyDirection,
  flow: Flow,
  world: PolicyWorld,
): PolicyVerdict | undefined {
  const { pod } = direction === "Ingress" ? flow.to : flow.from;
  if (!pod) return undefined;
  const selecting = world
    .policies(pod.metadata.namespace ?? "")
    .filter((policy) => hasDirection(policy, direction) && selects(policy, pod));
  const allowing = selecting.find((policy) => allows(policy, direction, { flow, world }));
  return {
    direction,
    selectedBy: selecting.map(({ metadata }) => metadata.name ?? ""),
    allowedBy: allowing?.metadata.name,
    isAllowed: selecting.length === 0 || allowing !== undefined,
  };
}

/** Without policyTypes a policy is about ingress, and about egress if it has such rules. */
function hasDirection({ spec }: NetworkPolicy, direction: PolicyDirection): boolean {
  const { policyTypes = [], egress = [] } = spec;
  if (policyTypes.length > 0) return policyTypes.includes(direction);
  return direction === "Ingress" || egress.length > 0;
}

function selects({ spec }: NetworkPolicy, { metadata }: Pod): boolean {
  return labelSelectorOf(spec.podSelector ?? {}).matches(metadata.labels);
}

interface Case {
  readonly flow: Flow;
  readonly world: PolicyWorld;
}

function allows(policy: NetworkPolicy, direction: PolicyDirection, given: Case): boolean {
  const { ingress = [], egress = [] } = policy.spec;
  const { flow, world } = given;
  const namespace = policy.metadata.namespace ?? "";
  const peer = direction === "Ingress" ? flow.from : flow.to;
  const rules =
    direction === "Ingress"
      ? ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports }))
      : egress.map(({ to = [], ports = [] }) => ({ peers: to, ports }));
  return rules.some(
    ({ peers, ports }) =>
      (peers.length === 0 || peers.some((each) => matchesPeer(each, peer, { namespace, world }))) &&
      (ports.length === 0 || ports.some((each) => matchesPort(each, flow))),
  );
}

function matchesPeer(
  { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer,
  { ip, pod }: PolicyEnd,
  { namespace, world }: { readonly namespace: string; readonly world: PolicyWorld },
): boolean {
  if (ipBlock)
    return (
      isAddressIn(ipBlock.cidr, ip) &&
      !(ipBlock.except ?? []).some((excepted) => isAddressIn(excepted, ip))
    );
  if (!pod) return false;
  const home = pod.metadata.namespace ?? "";
  const isOfNamespace = namespaceSelector
    ? labelSelectorOf(namespaceSelector).matches(world.namespaceLabels(home))
    : home === namespace;
  return (
    isOfNamespace && (!podSelector || labelSelectorOf(podSelector).matches(pod.metadata.labels))
  );
}

/** A name means the port of that name of the Pod that is connected to. */
function matchesPort({ protocol = "TCP", port, endPort }: NetworkPolicyPort, flow: Flow): boolean {
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number")
    return endPort === undefined ? flow.port === port : flow.port >= port && flow.port <= endPort;
  const { containers = [], initContainers = [] } = flow.to.pod?.spec ?? {};
  return [...containers, ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .some(
      (each) =>
        each.name === port &&
        (each.protocol ?? "TCP") === protocol &&
        each.containerPort === flow.port,
    );
}
