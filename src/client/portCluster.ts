// The embedded cluster as the views see it: an engine at the other end of a port.
import type { ComponentName } from "../api/clusterStatus.ts";
import type { Fault, NodeService } from "../api/fault.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import { DisposableStore } from "../base/disposable.ts";
import { Emitter } from "../base/emitter.ts";
import type { Remote } from "../base/rpc.ts";
import type { Millis } from "../base/time.ts";
import type {
  Cluster,
  ClusterFiles,
  EtcdControl,
  MachineControl,
  NetworkTools,
  Simulator,
  SimulatorStatus,
  TimelineSource,
} from "./cluster.ts";
import type { EngineContract, OpenDoor } from "./engineContract.ts";
import { PortClient } from "./portClient.ts";

export class PortCluster extends DisposableStore implements Cluster {
  readonly client: PortClient;
  readonly timeline: TimelineSource;
  readonly simulator: Simulator;

  private constructor(
    readonly name: string,
    remote: Remote<EngineContract>,
    first: SimulatorStatus,
  ) {
    super();
    this.client = new PortClient(remote);
    this.timeline = new PortTimeline(remote);
    this.simulator = this.add(new PortSimulator(remote, first));
  }

  /** Rejects if the engine cannot start. */
  static async open(name: string, remote: Remote<EngineContract>): Promise<PortCluster> {
    return new PortCluster(name, remote, await remote.call("status"));
  }
}

class PortTimeline implements TimelineSource {
  constructor(private readonly remote: Remote<EngineContract>) {}

  events(from: number, signal: AbortSignal): AsyncIterable<readonly TraceEvent[]> {
    return this.remote.stream("trace", [from], signal);
  }

  explain(scheduleEventId: number): Promise<SchedulingExplanation | undefined> {
    return this.remote.call("explain", scheduleEventId);
  }
}

class PortSimulator extends DisposableStore implements Simulator {
  private readonly statuses = this.add(new Emitter<SimulatorStatus>());
  readonly onStatus = this.statuses.event;
  readonly etcd: EtcdControl;
  readonly machines: MachineControl;
  readonly files: ClusterFiles;
  readonly network: NetworkTools;

  constructor(
    private readonly remote: Remote<EngineContract>,
    public status: SimulatorStatus,
  ) {
    super();
    this.etcd = etcdControl(remote);
    this.files = clusterFiles(remote);
    this.network = networkTools(remote);
    this.machines = {
      add: (machine) => remote.call("addMachine", machine),
      remove: (node, how) => remote.call("removeMachine", node, how),
    };
    const closing = new AbortController();
    this.add({ dispose: () => closing.abort() });
    // The stream fails when the engine dies; whoever opened it is told of that by itself.
    this.follow(closing.signal).catch(() => this.dispose());
  }

  pause(): Promise<void> {
    return this.remote.call("pause");
  }

  resume(): Promise<void> {
    return this.remote.call("resume");
  }

  setSpeed(speed: number): Promise<void> {
    return this.remote.call("setSpeed", speed);
  }

  step(span?: Millis): Promise<void> {
    return this.remote.call("step", span);
  }

  schedulerConfiguration(): Promise<string> {
    return this.remote.call("schedulerConfiguration");
  }

  setSchedulerConfiguration(text: string): Promise<readonly string[]> {
    return this.remote.call("setSchedulerConfiguration", text);
  }

  componentLog(name: ComponentName): Promise<readonly string[]> {
    return this.remote.call("componentLog", name);
  }

  kubeadmTranscript(): Promise<readonly string[]> {
    return this.remote.call("kubeadmTranscript");
  }

  agentLog(node: string, service: NodeService): Promise<readonly string[]> {
    return this.remote.call("agentLog", node, service);
  }

  inject(fault: Fault): Promise<void> {
    return this.remote.call("inject", fault);
  }

  heal(fault: Fault): Promise<void> {
    return this.remote.call("heal", fault);
  }

  listen(port: number): Promise<OpenDoor> {
    return this.remote.call("listen", port);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    for await (const batch of this.remote.stream("statuses", [], signal)) {
      this.status = batch.at(-1) ?? this.status;
      this.statuses.fire(this.status);
    }
  }
}

function etcdControl(remote: Remote<EngineContract>): EtcdControl {
  return {
    setMembers: (count) => remote.call("setEtcdMembers", count),
    folders: () => remote.call("etcdFolders"),
    keys: (query) => remote.call("etcdKeys", query),
    history: (key) => remote.call("etcdHistory", key),
    value: (key, revision) => remote.call("etcdValue", key, revision),
  };
}

function networkTools(remote: Remote<EngineContract>): NetworkTools {
  return {
    trace: (request) => remote.call("traceRequest", request),
    rules: (node, form) => remote.call("proxyRules", node, form),
    forward: (target) => remote.call("forward", target),
  };
}

function clusterFiles(remote: Remote<EngineContract>): ClusterFiles {
  return {
    exportObjects: () => remote.call("exportObjects"),
    exportSnapshot: (path) => remote.call("exportSnapshot", path),
    importSnapshot: (path) => remote.call("importSnapshot", path),
    create: (spec) => remote.call("create", spec),
    reset: () => remote.call("reset"),
  };
}
