// A kubelet's signs of life: it registers its Node, renews its Lease and reports the Node's status.
// Source: pkg/kubelet/kubelet_node_status.go and component-helpers apimachinery/lease, kubernetes v1.34.
import type { MachineSpec } from "../../api/clusterSpec.ts";
import { Lease as LeaseKind, nodeLeaseNamespace } from "../../api/kinds/lease.ts";
import { Node as NodeKind } from "../../api/kinds/node.ts";
import type { ObjectKey } from "../../api/object.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import type { ReportEvent } from "../../api/traceEvent.ts";
import type { Lease, Node, NodeStatus } from "../../api/types.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { formatMicroTime, type Instant, type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { ComponentLog } from "../componentLog.ts";
import type { EventRecorder } from "../eventRecorder.ts";
import {
  leaseDurationSeconds,
  leaseRenewMs,
  networkPluginStartMs,
  nodeStatusReportMs,
  nodeStatusUpdateMs,
  reportJitter,
} from "../limits.ts";
import type { LocalClient } from "../localClient.ts";
import { initialNode, kubeletVersion, labelsOf } from "./machine.ts";
import { changedFields, type NodeState, nodeStatusOf, onlyHeartbeatDiffers } from "./nodeStatus.ts";
import type { Troubles } from "./troubles.ts";

export interface NodeReporterWorld {
  readonly clock: Clock;
  readonly client: LocalClient;
  readonly events: Pick<EventRecorder, "record">;
  readonly random: Random;
  readonly machine: MachineSpec;
  readonly troubles: Troubles;
  /** What is to be reported, but for the time. */
  state(): Omit<NodeState, "now">;
  readonly log: ComponentLog;
  /** Tells the timeline of a report that is about to be sent. */
  reporting(report: ReportEvent["report"], changed: readonly string[]): void;
}

const firstRegisterWaitMs = 100;
const longestRegisterWaitMs = 7 * second;

export class NodeReporter extends DisposableStore {
  private node: Node | undefined;
  private lease: Lease | undefined;
  private reported: NodeStatus | undefined;
  private lastReportAt: Instant = 0;
  private wasReady = false;
  private wasUnschedulable = false;
  private readonly key: ObjectKey;

  constructor(private readonly world: NodeReporterWorld) {
    super();
    this.key = { namespace: "", name: world.machine.name };
  }

  /** Registers the Node and begins to report, for as long as this is not disposed. */
  start(): void {
    const { machine, log } = this.world;
    const { name } = machine;
    log.klog("I", "server.go:529", `"Kubelet version" kubeletVersion="${kubeletVersion}"`);
    this.announce("Normal", "Starting", "Starting kubelet.");
    this.register();
    for (const reason of [
      pressureReasons.MemoryPressure.False,
      pressureReasons.DiskPressure.False,
      "NodeHasSufficientPID",
    ])
      this.announceStatus(reason);
    this.announce(
      "Normal",
      "NodeAllocatableEnforced",
      "Updated Node Allocatable limit across pods",
    );
    this.renewLease();
    this.reportStatus();
    this.add(this.repeat(leaseRenewMs, `renew the lease of ${name}`, () => this.renewLease()));
    this.add(this.repeat(nodeStatusUpdateMs, `status of ${name}`, () => this.reportStatus()));
  }

  /** Reports at once what has changed. */
  reportNow(): void {
    this.reportStatus();
  }

  /** Reports soon that the network plugin works, once the node has its Pod range. */
  networkStarts(started: () => void): void {
    this.add(
      this.world.clock.after(networkPluginStartMs, "start the network plugin", () => {
        started();
        this.reportStatus();
      }),
    );
  }

  /** An event about the Node. The kubelet names it by its name, not its UID. */
  announce(type: "Normal" | "Warning", reason: string, message: string): void {
    const { name } = this.world.machine;
    const node = { apiVersion: "v1", kind: "Node", metadata: { name, uid: name } };
    this.world.events.record(node, type, reason, message);
  }

  /** Source: registerWithAPIServer: it tries until it is known, more and more patiently. */
  private register(waitMs = firstRegisterWaitMs): void {
    try {
      this.tryToRegister();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { clock, machine, log } = this.world;
      const why = `"Unable to register node with API server" ${errorText(error)} node="${machine.name}"`;
      log.klog("E", "kubelet_node_status.go:107", why);
      const again = (): void => this.register(Math.min(2 * waitMs, longestRegisterWaitMs));
      this.add(clock.after(waitMs, `register ${machine.name} again`, again));
    }
  }

  private tryToRegister(): void {
    const { client, machine, log } = this.world;
    const place = "kubelet_node_status.go:75";
    log.klog("I", place, `"Attempting to register node" node="${machine.name}"`);
    const node = initialNode(machine);
    const status = nodeStatusOf(this.stateNow(), undefined);
    try {
      this.node = client.create(NodeKind, { ...node, status });
      this.reported = status;
      this.lastReportAt = this.world.clock.now();
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
      this.reconcileExisting();
    }
    const done = `"Successfully registered node" node="${machine.name}"`;
    log.klog("I", "kubelet_node_status.go:78", done);
  }

  /** Source: tryRegisterWithAPIServer: labels that the kubelet owns are set right again. */
  private reconcileExisting(): void {
    const { client, machine } = this.world;
    const existing = client.get(NodeKind, this.key);
    const labels = labelsOf(machine);
    const isRight = Object.entries(labels).every(
      ([label, value]) => existing.metadata.labels?.[label] === value,
    );
    this.node = isRight ? existing : client.patch(NodeKind, this.key, { metadata: { labels } });
    this.wasReady = hasTrue(existing.status, "Ready");
    const known = existing.status?.nodeInfo?.bootID;
    const { bootID } = this.world.state().nodeInfo;
    if (known && known !== bootID)
      this.announce(
        "Warning",
        "Rebooted",
        `Node ${machine.name} has been rebooted, boot id: ${bootID}`,
      );
  }

  private renewLease(): void {
    const { client, clock, machine, reporting, troubles } = this.world;
    const renewTime = formatMicroTime(clock.now() + troubles.skewMs);
    reporting("lease", ["spec.renewTime"]);
    this.attempt(leaseFailure, () => {
      if (this.lease) {
        const spec = { ...this.lease.spec, renewTime };
        this.lease = client.update(LeaseKind, { ...this.lease, spec });
        return;
      }
      this.lease = this.ensureLease(renewTime, machine.name);
    });
  }

  private ensureLease(renewTime: string, name: string): Lease {
    const { client } = this.world;
    const key = { namespace: nodeLeaseNamespace, name };
    const spec = { holderIdentity: name, leaseDurationSeconds, renewTime };
    try {
      return client.update(LeaseKind, { ...client.get(LeaseKind, key), spec });
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
      const owner = { apiVersion: "v1", kind: "Node", name, uid: this.node?.metadata.uid ?? "" };
      return client.create(LeaseKind, {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, namespace: nodeLeaseNamespace, ownerReferences: [owner] },
        spec,
      });
    }
  }

  private reportStatus(): void {
    const { client, clock, reporting } = this.world;
    this.attempt(statusFailure, () => {
      const existing = client.get(NodeKind, this.key);
      this.announceSchedulable(existing);
      const status = nodeStatusOf(this.stateNow(), existing.status);
      const isStale = clock.now() - this.lastReportAt >= nodeStatusReportMs;
      const isSame = existing.status !== undefined && onlyHeartbeatDiffers(existing.status, status);
      if (isSame && !isStale && this.reported) return;
      reporting("status", changedFields(existing.status, status));
      this.node = client.patch(NodeKind, this.key, { status }, { subresource: "status" });
      this.reported = status;
      this.lastReportAt = clock.now();
      this.announceReadiness(status);
      this.announcePressures(existing.status, status);
    });
  }

  /** Source: recordNodeSchedulableEvent, with each look at the status. */
  private announceSchedulable({ spec }: Node): void {
    const isUnschedulable = spec?.unschedulable ?? false;
    if (this.wasUnschedulable === isUnschedulable) return;
    this.wasUnschedulable = isUnschedulable;
    this.announceStatus(isUnschedulable ? "NodeNotSchedulable" : "NodeSchedulable");
  }

  private announceReadiness(status: NodeStatus): void {
    const isReady = hasTrue(status, "Ready");
    if (isReady === this.wasReady) return;
    this.wasReady = isReady;
    this.announceStatus(isReady ? "NodeReady" : "NodeNotReady");
  }

  private announcePressures(before: NodeStatus | undefined, now: NodeStatus): void {
    for (const [type, reasons] of Object.entries(pressureReasons)) {
      const isTrue = hasTrue(now, type);
      if (isTrue !== hasTrue(before, type)) this.announceStatus(reasons[isTrue ? "True" : "False"]);
    }
  }

  private announceStatus(reason: string): void {
    this.announce("Normal", reason, `Node ${this.world.machine.name} status is now: ${reason}`);
  }

  /** A refused report is made again at the next turn; a Node that is gone is not registered anew. */
  private attempt(failure: Failure, report: () => void): void {
    try {
      report();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.lease = undefined;
      this.world.log.klog("E", failure.place, `${failure.message} ${errorText(error)}`);
    }
  }

  private stateNow(): NodeState {
    const { clock, state, troubles } = this.world;
    return { ...state(), now: clock.now() + troubles.skewMs };
  }

  /** Kubelets that started together do not report together for long. */
  private repeat(period: Millis, why: string, task: () => void): Disposable {
    const { clock, random } = this.world;
    let next: Disposable | undefined;
    const schedule = (): void => {
      const wait = period * (1 + reportJitter * random.fraction());
      next = clock.after(wait, why, () => {
        schedule();
        this.deliver(why, task);
      });
    };
    schedule();
    return disposable(() => next?.dispose());
  }

  /** What is on its way may be late, or lost. */
  private deliver(why: string, report: () => void): void {
    const { clock, random, troubles } = this.world;
    const { lostPercent, reportDelayMs } = troubles;
    if (lostPercent > 0 && random.below(100) < lostPercent) return;
    if (reportDelayMs === 0) {
      report();
      return;
    }
    clock.after(reportDelayMs, why, () => {
      if (!this.isDisposed) report();
    });
  }
}

/** How a change of each condition is told. */
const pressureReasons = {
  MemoryPressure: { True: "NodeHasInsufficientMemory", False: "NodeHasSufficientMemory" },
  DiskPressure: { True: "NodeHasDiskPressure", False: "NodeHasNoDiskPressure" },
} as const;

function hasTrue(status: NodeStatus | undefined, condition: string): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === condition && is === "True") ?? false
  );
}

/** Where in its code the kubelet says so, and what. */
interface Failure {
  readonly place: string;
  readonly message: string;
}

const leaseFailure: Failure = {
  place: "controller.go:145",
  message: '"Failed to ensure lease exists, will retry"',
};
const statusFailure: Failure = {
  place: "kubelet_node_status.go:548",
  message: '"Error updating node status, will retry"',
};

/** As klog prints an error beside a message. */
function errorText({ message }: Error): string {
  return `err=${JSON.stringify(message)}`;
}
