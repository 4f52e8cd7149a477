// Two machines with Pods, Services and policies that a test writes down, on a clock of their own.
import type { Kind } from "../../../src/api/kind.ts";
import { EndpointSlice as EndpointSliceKind } from "../../../src/api/kinds/endpointSlice.ts";
import { NetworkPolicy as NetworkPolicyKind } from "../../../src/api/kinds/networkPolicy.ts";
import { Service as ServiceKind } from "../../../src/api/kinds/service.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type {
  Container,
  EndpointSlice,
  NetworkPolicy,
  NetworkPolicySpec,
  Node,
  Pod,
  Service,
} from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { utf8Bytes, utf8Text } from "../../../src/base/utf8.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { LocalInformer } from "../../../src/engine/localInformer.ts";
import type {
  Connection,
  ContainerNetwork,
  Protocol,
} from "../../../src/engine/network/containerNetwork.ts";
import { isNetworkFailure } from "../../../src/engine/network/containerNetwork.ts";
import { Network, type NetworkMachine } from "../../../src/engine/network/network.ts";
import { PodNetwork } from "../../../src/engine/network/podNetwork.ts";
import { ProcessNetwork } from "../../../src/engine/network/processNetwork.ts";
import { KubeProxy, ServiceWatch } from "../../../src/engine/network/proxy.ts";
import { runSteps, type Steps } from "../../../src/engine/node/steps.ts";

/** An informer whose objects a test sets. */
class Objects<T extends KubeObject> {
  private version = 1;
  private put: ((object: T) => void) | undefined;
  private drop: ((object: T) => void) | undefined;
  readonly informer: LocalInformer<T>;

  constructor(kind: Kind<T>) {
    this.informer = new LocalInformer(kind, {
      listAndWatch: (_kind, listed, changed) => {
        listed([], "1");
        this.put = (object) => changed({ type: "MODIFIED", object: object as never });
        this.drop = (object) => changed({ type: "DELETED", object: object as never });
        return { dispose() {} };
      },
    });
  }

  set(object: T): void {
    const metadata = { ...object.metadata, resourceVersion: String(++this.version) };
    this.put?.({ ...object, metadata });
  }

  remove(object: T): void {
    this.drop?.(object);
  }
}

export interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly ports?: Container["ports"];
}

export class TestNetwork {
  readonly clock = new VirtualClock(0);
  readonly services = new Objects(ServiceKind);
  readonly slices = new Objects(EndpointSliceKind);
  readonly policies = new Objects(NetworkPolicyKind);
  readonly network: Network;
  private readonly random = new Random(1);
  private readonly pods = new Map<string, Pod>();
  private readonly nodes = new Map<string, Node>();
  readonly namespaces = new Map<string, Readonly<Record<string, string>>>([
    ["default", { "kubernetes.io/metadata.name": "default" }],
    ["other", { "kubernetes.io/metadata.name": "other", team: "b" }],
  ]);

  constructor() {
    const { clock, random, services, slices } = this;
    const watch = new ServiceWatch(services.informer, slices.informer);
    this.network = new Network({
      clock,
      random,
      services: watch,
      policies: this.policies.informer,
      namespaceLabels: (name) => this.namespaces.get(name),
      pod: (_machine, uid) => this.pods.get(uid),
      podsOn: (machine) => [...this.pods.values()].filter(({ spec }) => spec.nodeName === machine),
      node: (name) => this.nodes.get(name),
    });
    for (const number of [1, 2]) this.addMachine(`node-${number}`, number, watch);
  }

  private addMachine(name: string, number: number, watch: ServiceWatch): void {
    const address = `172.18.0.${number + 1}`;
    const pods = new PodNetwork((uid) => this.network.removePod(uid));
    pods.setRange(`10.244.${number}.0/24`);
    const proxy = new KubeProxy({
      clock: this.clock,
      random: this.random,
      watch,
      node: { name, clusterCidr: "10.244.0.0/16" },
      nodeAddress: address,
    });
    proxy.start();
    this.network.addMachine({ name, address, pods, proxy });
    this.nodes.set(name, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name },
      spec: {},
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
  }

  machine(name: string): NetworkMachine {
    const machine = this.network.machine(name);
    if (!machine) throw new Error(`no machine ${name}`);
    return machine;
  }

  /** A Pod on a node, with its address; its processes' network. */
  pod(name: string, node: string, options: PodOptions = {}): ProcessNetwork {
    const { labels = {}, namespace = "default", ports = [] } = options;
    const machine = this.machine(node);
    machine.pods.allocate(name);
    this.pods.set(name, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels, uid: name },
      spec: { nodeName: node, containers: [{ name: "app", ports }] },
    });
    return this.network.forProcesses(machine, { podUid: name, files: noFiles });
  }

  podObject(name: string): Pod | undefined {
    return this.pods.get(name);
  }

  host(node: string): ProcessNetwork {
    return this.network.forProcesses(this.machine(node), { files: noFiles });
  }

  /** Somebody outside of the cluster. */
  outside(): ContainerNetwork {
    const namespace = this.network.outsideNamespace("198.51.100.9");
    const { network, random } = this;
    return new ProcessNetwork({ network, random, files: noFiles, namespace: () => namespace });
  }

  removePod(name: string, node: string): void {
    this.pods.delete(name);
    this.machine(node).pods.release(name);
  }

  /** A Service of port 80 with endpoints at port 8080. */
  service(
    spec: Partial<Service["spec"]>,
    endpoints: readonly { readonly ip: string; readonly node: string }[],
    status: Service["status"] = {},
  ): void {
    const metadata = { name: "web", namespace: "default" };
    const ports = [{ name: "http", port: 80, protocol: "TCP" as const }];
    this.services.set({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { clusterIP: "10.96.0.80", ports, ...spec },
      status,
    });
    this.slices.set({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      addressType: "IPv4",
      metadata: {
        name: "web-1",
        namespace: "default",
        labels: { "kubernetes.io/service-name": "web" },
      },
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: endpoints.map(({ ip, node }) => ({ addresses: [ip], nodeName: node })),
    } satisfies EndpointSlice);
  }

  policy(name: string, spec: NetworkPolicySpec, namespace = "default"): NetworkPolicy {
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace },
      spec,
    };
    this.policies.set(policy);
    return policy;
  }

  /** What `steps` come to within `seconds`. */
  outcome<Result>(steps: Steps<Result>, seconds = 300): Result | "still waiting" {
    let result: Result | "still waiting" = "still waiting";
    runSteps(this.clock, steps, (value) => {
      result = value;
    });
    const until = this.clock.now() + seconds * 1_000;
    while (result === "still waiting") {
      const due = this.clock.nextDue();
      if (due === undefined || due > until || !this.clock.step()) break;
    }
    return result;
  }

  /**
   * What a client reads from "address:port" within five minutes: text, or why there is none and after how
   * many milliseconds.
   */
  ask(client: ContainerNetwork, target: string, protocol: Protocol = "TCP"): string {
    const [address = "", port] = target.split(":");
    const began = this.clock.now();
    const reached = this.outcome(client.connect({ address, port: Number(port), protocol }));
    if (reached === "still waiting") return reached;
    if (isNetworkFailure(reached)) return `${reached.failure} ${this.clock.now() - began}`;
    reached.write(utf8Bytes("?"));
    const read = this.outcome(reached.read());
    const text = read === "still waiting" ? "no answer" : utf8Text(read ?? new Uint8Array());
    reached.close();
    return text === "" ? "closed" : (text ?? "");
  }
}

const noFiles = { resolvConf: () => "", hosts: () => "" };

/** Answers the first bytes of each connection with its own name and the client's address. */
export function serve(
  clock: VirtualClock,
  network: ContainerNetwork,
  { name, port = 8080, protocol = "TCP" }: { name: string; port?: number; protocol?: Protocol },
): void {
  const opened = network.listen(protocol, port, (connection) =>
    runSteps(clock, greet(connection, name), () => undefined),
  );
  if (!opened) throw new Error(`port ${port} is in use`);
}

function* greet(connection: Connection, name: string): Steps {
  while (yield* connection.read())
    connection.write(utf8Bytes(`${name} to ${connection.peer.address}`));
  connection.close();
}
