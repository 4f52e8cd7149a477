// What crosses the line between the engine's worker and everyone else.

import type { MachineSpec, NewCluster } from "../api/clusterSpec.ts";
import type { ComponentName } from "../api/clusterStatus.ts";
import type {
  EtcdFolder,
  EtcdKeyPage,
  EtcdKeyQuery,
  EtcdMemberCount,
  EtcdRevision,
} from "../api/etcdKeys.ts";
import type { Fault, NodeService } from "../api/fault.ts";
import type { ForwardTarget } from "../api/forwardTarget.ts";
import type { KubeObject } from "../api/object.ts";
import type { ProxyRuleForm } from "../api/proxyRuleForm.ts";
import type { ApiRequest, ApiResponse, WatchEvent } from "../api/request.ts";
import type { RequestTrace, TraceRequest } from "../api/requestTrace.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import type { Millis } from "../base/time.ts";
import type { SimulatorStatus } from "./cluster.ts";

/** Where clients such as kubectl find the cluster. */
export interface OpenDoor {
  /** "https://127.0.0.1:6443". */
  readonly url: string;
  /** The path of the file for KUBECONFIG; only its owner can read it. */
  readonly kubeconfig: string;
}

export interface EngineContract {
  calls: {
    /** Answers once the write is durable. */
    request(request: ApiRequest): ApiResponse;
    explain(scheduleEventId: number): SchedulingExplanation | undefined;
    status(): SimulatorStatus;
    /** YAML. */
    schedulerConfiguration(): string;
    /** @returns what is wrong; empty if kube-scheduler runs by it now */
    setSchedulerConfiguration(text: string): readonly string[];
    pause(): void;
    resume(): void;
    setSpeed(speed: number): void;
    step(span: Millis | undefined): void;
    inject(fault: Fault): void;
    heal(fault: Fault): void;
    setEtcdMembers(count: EtcdMemberCount): void;
    /** Rejects with what is wrong with it. */
    addMachine(machine: MachineSpec): void;
    /** Rejects if there is no such machine, or it runs the control plane. */
    removeMachine(node: string, how: "drain" | "pullThePlug"): void;
    /** The newest lines of a component of the control plane, oldest first. */
    componentLog(name: ComponentName): readonly string[];
    /** What kubeadm wrote when it set the cluster up; nothing if it did not. */
    kubeadmTranscript(): readonly string[];
    /** The same of an agent of a machine. Rejects if there is no such machine. */
    agentLog(node: string, service: NodeService): readonly string[];
    /** Puts a new cluster in the place of everything. The engine stops for it and has to be opened again. */
    create(spec: NewCluster): void;
    etcdFolders(): readonly EtcdFolder[];
    etcdKeys(query: EtcdKeyQuery): EtcdKeyPage;
    etcdHistory(key: string): readonly EtcdRevision[];
    etcdValue(key: string, revision: number): unknown;
    traceRequest(request: TraceRequest): RequestTrace;
    proxyRules(node: string, form: ProxyRuleForm): string;
    /** The port of the loopback address that leads to the target. Rejects where there are no sockets. */
    forward(target: ForwardTarget): number;
    exportObjects(): readonly KubeObject[];
    exportSnapshot(path: string): void;
    importSnapshot(path: string): void;
    reset(): void;
    /**
     * Opens the door for clients outside at `port` of the loopback address, 0 for any that is free. The
     * door that is open already stays as it is. Rejects if the port is taken.
     */
    listen(port: number): OpenDoor;
    /** Stops the engine and closes what it stored. */
    close(): void;
  };
  streams: {
    watch(request: ApiRequest): WatchEvent[];
    trace(from: number): TraceEvent[];
    /** One element whenever something changed, a few times a second. */
    statuses(): SimulatorStatus[];
  };
}
