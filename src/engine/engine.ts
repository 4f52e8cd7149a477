// Assembles the cluster: the only file of the core that knows all its parts.

import {
  type BootstrapToken,
  newBootstrapToken,
  readTokenSecret,
  tokenNamespace,
  tokenSecretOf,
  tokenUser,
} from "../api/bootstrapToken.ts";
import { validateMachine } from "../api/clusterFile/machineFields.ts";
import type { ClusterSpec, MachineSpec } from "../api/clusterSpec.ts";
import type {
  ComponentName,
  ComponentState,
  ComponentStatuses,
  SchedulerStatus,
} from "../api/clusterStatus.ts";
import type { EtcdMemberCount } from "../api/etcdKeys.ts";
import { type Fault, isMachineFault, type NodeService } from "../api/fault.ts";
import { fieldErrorText } from "../api/fieldError.ts";
import { type Kind, KindRegistry } from "../api/kind.ts";
import type { RequestSignatureCheck } from "../api/kinds/certificateSigningRequest/certificateRequest.ts";
import { withSignatureCheck } from "../api/kinds/certificateSigningRequest.ts";
import { builtInKinds } from "../api/kinds/index.ts";
import { metricsKinds } from "../api/kinds/metrics/kinds.ts";
import { Node as NodeKind } from "../api/kinds/node.ts";
import { Secret } from "../api/kinds/secret.ts";
import type { KubeObject } from "../api/object.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import { ApiError } from "../api/status.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import { tokenUserPrefix } from "../api/user.ts";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import { Random } from "../base/random.ts";
import { type Instant, second } from "../base/time.ts";
import type { ConfigurationProblem } from "../scheduler/config/load.ts";
import { startApiExtensions } from "./apiextensions/apiExtensions.ts";
import { ServedResources } from "./apiextensions/servedResources.ts";
import { ensureAuthenticationMaps } from "./bootstrap/authenticationMaps.ts";
import { installKubeadm } from "./bootstrap/kubeadm/install.ts";
import { kubeadmTranscript } from "./bootstrap/kubeadm/transcript.ts";
import { installLocalPathStorage } from "./bootstrap/localPathStorage.ts";
import { installMetricsServer } from "./bootstrap/metricsServer.ts";
import { bootstrap } from "./bootstrap.ts";
import type { CertificateAuthority } from "./certificateAuthority.ts";
import type { CertificateRequests } from "./certificateRequests.ts";
import { VirtualClock } from "./clock.ts";
import type { LogLine } from "./componentLog.ts";
import { ApiServerComponent } from "./components/apiServerComponent.ts";
import { type Component, componentNames } from "./components/component.ts";
import { ElectedComponent } from "./components/electedComponent.ts";
import { EtcdComponent, localMember } from "./components/etcdComponent.ts";
import { hostingRuntime } from "./components/hostingRuntime.ts";
import { ServiceManager } from "./components/serviceManager.ts";
import { StaticPodManager } from "./components/staticPodManager.ts";
import type { Components, Supervisor } from "./components/supervisor.ts";
import { ControllerManager } from "./controllers/controllerManager.ts";
import { type ControllerSettings, controllers } from "./controllers/index.ts";
import { startControlPlane } from "./controlplane/controlPlane.ts";
import { initialFaults } from "./defaultCluster.ts";
import { type Distribution, kubeadm } from "./distribution.ts";
import { drainNode } from "./drain.ts";
import { Etcd, type StoredEtcd } from "./etcd/etcd.ts";
import { explainAttempt } from "./explainAttempt.ts";
import { exportObjects } from "./exportCluster.ts";
import { Faults } from "./faults.ts";
import { apiServerDialTimeoutMs, historyBytes } from "./limits.ts";
import type { LocalClient } from "./localClient.ts";
import { Machines } from "./machines.ts";
import { metricsScraper } from "./metricsScraper.ts";
import { apiServerHost } from "./network/apiServerAddress.ts";
import type { SocketAddress } from "./network/containerNetwork.ts";
import type { KubeProxy } from "./network/proxy.ts";
import { NetworkControl } from "./networkControl.ts";
import type { Kubelet } from "./node/kubelet.ts";
import { PortConnection, type PortOutput } from "./node/portConnection.ts";
import { fullRuntime, type RuntimeProfile } from "./node/runtimeProfile.ts";
import { admissionChain } from "./registry/admission/chain.ts";
import { ApiServer } from "./registry/apiServer.ts";
import { kubeAuthorization } from "./registry/authorization/kubeAuthorizer.ts";
import { Compactor } from "./registry/compactor.ts";
import { etcdHealth } from "./registry/etcdHealth.ts";
import { keepMasterLease } from "./registry/masterLease.ts";
import { withRevision } from "./registry/storedRevision.ts";
import type { TokenSigner } from "./registry/tokens/tokenSigner.ts";
import { attemptRandom, Scheduler, schedulerUser } from "./scheduler/scheduler.ts";
import { type ConfigurationSource, SchedulerConfiguration } from "./schedulerConfiguration.ts";
import { ServiceCalls } from "./serviceCalls.ts";
import type { Store } from "./store/store.ts";
import type { StoreBackend } from "./store/storeBackend.ts";
import { Trace } from "./trace.ts";

/** What an engine before this one left behind. */
export interface StoredHistory extends StoredEtcd {
  /** What was recorded of it, oldest first. */
  readonly trace?: readonly TraceEvent[];
  /** What was broken, or had not been started yet. */
  readonly faults?: readonly Fault[] | undefined;
}

export interface EngineOptions {
  /** Where a new cluster's clock starts; a stored one goes on where its history ends. */
  readonly now: Instant;
  readonly seed: number;
  readonly spec: ClusterSpec;
  /** How the machines behave; in full if absent. */
  readonly runtime?: RuntimeProfile;
  /** Of the authority that signed the door's certificate, as PEM: Pods find it in kube-root-ca.crt. */
  readonly rootCertificate?: string;
  /** Who signs certificates that are asked for through the API; nobody does if absent. */
  readonly authority?: CertificateAuthority;
  /** Checks the signatures of requests for certificates; any will do if absent. */
  readonly requestSignatures?: RequestSignatureCheck;
  /** What makes requests for certificates of machines; those join without one if absent. */
  readonly certificateRequests?: CertificateRequests;
  /** Whose cluster it is; kubeadm's if absent. */
  readonly distribution?: Distribution;
  /** What signs the tokens of ServiceAccounts; a secret of the engine's own if absent. */
  readonly tokenSigner?: TokenSigner;
  /** What was stored before. */
  readonly history?: StoredHistory;
  readonly backend?: StoreBackend;
  /** The most that superseded states of objects may take; half a gigabyte if absent. */
  readonly historyBytes?: number;
}

export class Engine {
  readonly clock: VirtualClock;
  readonly etcd: Etcd;
  readonly store: Store;
  readonly trace: Trace;
  readonly apiServer: ApiServer;
  readonly faults: Faults;
  readonly schedulerConfiguration: SchedulerConfiguration;
  readonly kinds: KindRegistry;
  private readonly random: Random;
  private readonly controllerManager: ControllerManager;
  private readonly machines: Machines;
  private readonly components: Components;
  private readonly supervisor: Supervisor;
  private scheduler: Scheduler | undefined;
  /** What the scheduler counted before it was stopped. */
  private schedulerBefore: SchedulerStatus = idleScheduler;

  constructor(private readonly options: EngineOptions) {
    const { now, seed, spec, history, requestSignatures } = options;
    this.kinds = new KindRegistry([
      ...builtInKinds,
      ...(spec.hasMetricsServer ? metricsKinds : []),
      ...(requestSignatures ? [withSignatureCheck(requestSignatures) as Kind] : []),
    ]);
    const events = [...(history?.events ?? [])];
    this.clock = new VirtualClock(events.at(-1)?.at ?? now);
    const random = new Random(seed);
    this.etcd = new Etcd({
      clock: this.clock,
      random: random.fork("etcd"),
      stored: history && { ...history, events },
      backend: options.backend,
      stamp: withRevision,
    });
    this.store = this.etcd.store;
    new Compactor(this.store, this.clock, options.historyBytes ?? historyBytes);
    this.schedulerConfiguration = new SchedulerConfiguration(this.store);
    this.trace = new Trace(this.clock);
    this.trace.restore(history?.trace ?? []);
    this.etcd.cluster.onElected(({ member, term }) =>
      this.trace.emit({ type: "election", member, term }),
    );
    this.etcd.leaderMonitor.onMissed(() => this.apiServer.setWatchable(false));
    this.etcd.cluster.onElected(() => this.apiServer.setWatchable(true));
    // A restored engine must not draw the same names again.
    this.random = random.fork(`revision ${this.store.revision}`);
    this.apiServer = this.makeApiServer();
    this.controllerManager = this.makeControllerManager();
    this.machines = this.makeMachines();
    this.components = this.makeComponents();
    this.supervisor = this.makeSupervisor();
    this.faults = this.makeFaults();
    this.faults.restore(history?.faults ?? initialFaults(spec));
    for (const fault of this.faults.list())
      if (fault.type === "stopController") this.controllerManager.stop(fault.controller);
    if (this.isStopped("etcd")) this.etcd.cluster.setRunning(localMember, false);
    for (const name of componentNames) this.supervisor.begin(name, !this.isStopped(name));
    this.machines.start(spec.machines, (fault) => this.faults.has(fault));
    for (const fault of this.faults.list()) {
      if (isMachineFault(fault)) this.machines.setFault(fault, true);
      if (fault.type === "stopRegistries") this.machines.setRegistriesRunning(false);
    }
  }

  /** A client of the API server for someone inside the engine. */
  client(user: string): LocalClient {
    return this.apiServer.client(user);
  }

  /** The kubelet of a machine: what containers wrote is known to it alone. */
  kubelet(node: string): Kubelet | undefined {
    return this.machines.get(node);
  }

  /** The rules by which a machine sends traffic to Services. */
  proxy(node: string): KubeProxy | undefined {
    return this.machines.proxy(node);
  }

  /** What kube-apiserver asks of Services. */
  get serviceCalls(): ServiceCalls {
    const { clock, machines } = this;
    return new ServiceCalls(clock, () => machines.controlPlaneNetwork());
  }

  /** Connects from the machine of kube-apiserver. */
  dial(to: SocketAddress, output: PortOutput): PortConnection {
    const destination = { ...to, timeoutMs: apiServerDialTimeoutMs };
    return new PortConnection(this.clock, this.machines.controlPlaneNetwork(), destination, output);
  }

  /** What people ask of the network. */
  get network(): NetworkControl {
    return new NetworkControl({
      machines: this.machines,
      client: this.client("kubernetes-admin"),
      random: this.random.fork(`trace at ${this.clock.now()}`),
    });
  }

  /** The newest lines that a component of the control plane has written, oldest first. */
  componentLog(name: ComponentName): readonly LogLine[] {
    return this.components[name].log.lines;
  }

  /** The same of an agent of a machine. @throws Error if there is no such machine */
  agentLog(node: string, service: NodeService): readonly LogLine[] {
    return this.machines.log(node, service).lines;
  }

  /** What kubeadm wrote when it set the cluster up; nothing if it did not. */
  kubeadmTranscript(): readonly string[] {
    if (this.options.spec.setUp !== "kubeadm") return [];
    const token = this.bootstrapToken();
    return kubeadmTranscript(this.spec, token && `${token.id}.${token.secret}`);
  }

  /** Gives kube-scheduler a policy, as a restart with another --config does. @returns what is wrong */
  configureScheduler(source: ConfigurationSource): readonly ConfigurationProblem[] {
    const problems = this.schedulerConfiguration.set(source);
    if (problems.length === 0 && this.scheduler) {
      this.stopScheduler();
      this.startScheduler();
    }
    return problems;
  }

  /** The matrix behind a `schedule` event of the trace; undefined once that state is compacted. */
  explain(scheduleEventId: number): SchedulingExplanation | undefined {
    const event = this.trace.get(scheduleEventId);
    if (event?.type !== "schedule") return undefined;
    const { store, kinds } = this;
    const random = attemptRandom(this.schedulerRandom(), event.pod, event.attempt);
    const { schedulerConfiguration: configuration } = this;
    return explainAttempt(event, { store, kinds, configuration, random });
  }

  /** What people made, in an order in which it can be applied to a new cluster. */
  exportObjects(): readonly KubeObject[] {
    const { history: _, backend: __, ...options } = this.options;
    const fresh = new Engine(options);
    fresh.clock.run(freshBootMs);
    return exportObjects(this, fresh);
  }

  /**
   * Lets etcd have so many members. What was broken of one that leaves is forgotten with it.
   * @throws EtcdError if a majority does not agree
   */
  setEtcdMembers(count: EtcdMemberCount): void {
    this.etcd.cluster.resize(count);
    const names = new Set(this.etcd.cluster.status().map(({ name }) => name));
    for (const fault of this.faults.list())
      if ("member" in fault && !names.has(fault.member)) this.faults.forget(fault);
  }

  /** The cluster as it would have to be described to begin with the machines that it has now. */
  get spec(): ClusterSpec {
    return { ...this.options.spec, machines: this.machines.specs() };
  }

  /**
   * Switches a new machine on, that joins the cluster.
   * @throws Error if its description is wrong, or there is a machine of that name
   */
  addMachine(machine: MachineSpec): void {
    const [error] = validateMachine(machine);
    if (error) throw new Error(fieldErrorText(error));
    if (machine.role !== "worker") throw new Error("only workers can be added");
    if (this.options.spec.setUp === "kubeadm" && !this.bootstrapTokenUser()) this.createToken();
    this.machines.add(machine);
  }

  /**
   * Takes a machine away and its Node with it: at once, or when all Pods that can have left it.
   * @throws Error if there is no such machine, or it is the control plane's
   */
  removeMachine(node: string, how: "drain" | "pullThePlug"): void {
    if (this.machines.roleOf(node) === "control-plane")
      throw new Error(`${node} runs the control plane`);
    const leave = (): void => {
      this.machines.remove(node);
      for (const fault of this.faults.list())
        if ("node" in fault && fault.node === node) this.faults.forget(fault);
      this.deleteNode(node);
    };
    if (how === "pullThePlug") leave();
    else drainNode({ clock: this.clock, client: this.client("kubernetes-admin") }, node, leave);
  }

  status(): ComponentStatuses {
    return {
      now: this.clock.now(),
      faults: this.faults.list(),
      setUp: this.options.spec.setUp ?? "services",
      unregistered: this.machines.unregistered(),
      components: componentNames.map((name) => componentState(name, this.components[name])),
      etcd: this.etcd.status(),
      apiServer: { ...this.apiServer.statistics },
      scheduler: this.schedulerStatus(),
      controllers: this.controllerManager.status(),
    };
  }

  private makeApiServer(): ApiServer {
    const { clock, store, trace, random, kinds } = this;
    const authorization = kubeAuthorization(store);
    const { authorizer } = authorization;
    const { distribution = kubeadm } = this.options;
    const admission = [...admissionChain(authorization, kinds), ...distribution.admission];
    const { tokenSigner } = this.options;
    const server = new ApiServer({
      clock,
      store,
      trace,
      random,
      kinds,
      admission,
      authorizer,
      ...(tokenSigner ? { tokenSigner } : {}),
      metrics: metricsScraper(clock, (node) => this.machines.get(node)),
      isRunning: (component) => this.components[component as ComponentName].isRunning,
    });
    new ServedResources(store, kinds, server.converter);
    server.setServing(false);
    return server;
  }

  /** What kube-apiserver does from the moment in which it can. */
  private serve(): Disposable {
    const { clock, store, trace, random, apiServer } = this;
    const { distribution = kubeadm, rootCertificate = "", spec } = this.options;
    const owned = new DisposableStore();
    apiServer.setServing(true);
    owned.add(disposable(() => apiServer.setServing(false)));
    owned.add(keepMasterLease(store, clock, apiServerHost));
    const client = apiServer.client("system:apiserver");
    bootstrap(client, clock.now(), distribution.policy);
    ensureAuthenticationMaps(client, { rootCertificate, now: clock.now() });
    owned.add(startControlPlane({ clock, trace, random, apiServer, kinds: this.kinds }));
    owned.add(startApiExtensions({ clock, trace, random, apiServer }));
    const administrator = this.client("kubernetes-admin");
    if (spec.setUp === "kubeadm")
      installKubeadm(administrator, {
        rootCertificate,
        hasKubeProxy: spec.hasKubeProxy ?? true,
        random: this.random.fork("kubeadm"),
        now: clock.now(),
      });
    if (spec.hasDefaultStorage ?? true) installLocalPathStorage(administrator);
    if (spec.hasMetricsServer) installMetricsServer(administrator);
    return owned;
  }

  private makeComponents(): Components {
    const { clock, apiServer, store } = this;
    const elected = (name: ComponentName, port: number, lead: () => Disposable): ElectedComponent =>
      new ElectedComponent({ clock, name, port, apiServer, lead });
    return {
      etcd: new EtcdComponent(clock, this.etcd.cluster),
      "kube-apiserver": new ApiServerComponent({
        clock,
        etcdFailure: () => etcdHealth(store),
        serve: () => this.serve(),
      }),
      "kube-controller-manager": elected("kube-controller-manager", 10_257, () => {
        this.controllerManager.start();
        return disposable(() => this.controllerManager.stop());
      }),
      "kube-scheduler": elected("kube-scheduler", 10_259, () => {
        this.startScheduler();
        return disposable(() => this.stopScheduler());
      }),
    };
  }

  private makeSupervisor(): Supervisor {
    const { clock, components, machines } = this;
    const { machines: specs, setUp } = this.options.spec;
    const host = specs.find(({ role }) => role === "control-plane");
    if (setUp !== "kubeadm" || !host) return new ServiceManager(clock, components);
    const isOn = () => !this.faults.has({ type: "powerOff", node: host.name });
    const folder = machines.manifests(host.name);
    return new StaticPodManager({ components, folder, node: host.name, isOn });
  }

  private makeFaults(): Faults {
    const { controllerManager, machines, supervisor } = this;
    const { cluster } = this.etcd;
    return new Faults(
      {
        setPower: (node, on) => machines.setPower(node, on),
        setRunning: (component, running) => supervisor.setWanted(component, running),
        setControllerRunning: (controller, running) => {
          if (running) controllerManager.start(controller);
          else controllerManager.stop(controller);
        },
        setServiceRunning: (node, service, running) =>
          machines.setServiceRunning(node, service, running),
        setMemberRunning: (member, running) => {
          if (member === localMember) supervisor.setWanted("etcd", running);
          else cluster.setRunning(member, running);
        },
        setMemberCutOff: (member, cutOff) => cluster.setCutOff(member, cutOff),
        setMachineFault: (fault, present) => machines.setFault(fault, present),
        setRegistriesRunning: (running) => machines.setRegistriesRunning(running),
        killContainer: ({ namespace, pod, container }) =>
          machines.killContainer({ namespace, name: pod }, container),
      },
      this.trace,
    );
  }

  /** As kubeadm token create does, once the first one's time is over. */
  private createToken(): void {
    const random = this.random.fork(`token at ${this.clock.now()}`);
    const secret = tokenSecretOf(newBootstrapToken(random), this.clock.now());
    this.client("kubernetes-admin").create(Secret, secret);
  }

  private deleteNode(name: string): void {
    try {
      this.client("kubernetes-admin").delete(NodeKind, { namespace: "", name });
    } catch (error) {
      // Without an API server the Node stays, as it would in life.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Whom a token stands for with which a machine can join now. */
  private bootstrapTokenUser(): string | undefined {
    const token = this.bootstrapToken();
    return token && `${tokenUserPrefix}${token.id}`;
  }

  private bootstrapToken(): BootstrapToken | undefined {
    const now = this.clock.now();
    return this.apiServer.registry
      .list(Secret, tokenNamespace)
      .map((secret) => {
        const token = readTokenSecret(secret)?.token;
        return token && tokenUser(token, secret, now) ? token : undefined;
      })
      .find((token) => token !== undefined);
  }

  private isStopped(name: ComponentName): boolean {
    return this.faults.has(
      name === "etcd"
        ? { type: "stopEtcdMember", member: localMember }
        : { type: "stopComponent", component: name },
    );
  }

  private makeControllerManager(): ControllerManager {
    const { clock, trace, apiServer: source } = this;
    const { rootCertificate = "", authority } = this.options;
    const settings: ControllerSettings = {
      kinds: this.kinds,
      rootCertificate,
      ...(authority ? { authority } : {}),
      handlesTokens: this.options.spec.setUp === "kubeadm",
      hasLoadBalancers: this.options.spec.setUp === "kubeadm",
      issueToken: (account, secretName) => source.tokens.issueLegacy(account, secretName),
    };
    return new ControllerManager(controllers(settings), {
      clock,
      trace,
      random: this.random.fork("kube-controller-manager"),
      source,
      clientFor: (user) => this.client(user),
    });
  }

  private makeMachines(): Machines {
    const { clock, trace, apiServer: source } = this;
    const { runtime: profile = fullRuntime, certificateRequests: makeRequest, spec } = this.options;
    return new Machines({
      clock,
      trace,
      random: this.random.fork("machines"),
      source,
      profile,
      ...(spec.setUp === "kubeadm"
        ? {
            profileOf: ({ role }, proxy) =>
              hostingRuntime(profile, {
                isControlPlane: role === "control-plane",
                component: (name) => this.components[name],
                proxy,
              }),
            ...(makeRequest
              ? { joining: { makeRequest, tokenUser: () => this.bootstrapTokenUser() } }
              : {}),
          }
        : {}),
      clientFor: (user, isCutOff) => this.apiServer.client(user, isCutOff),
    });
  }

  private startScheduler(): void {
    const { clock, trace, apiServer: source } = this;
    const { profiles, configuration } = this.schedulerConfiguration.at();
    const { podInitialBackoffSeconds, podMaxBackoffSeconds } = configuration;
    const { machines } = this.options.spec;
    const host = machines.find(({ role }) => role === "control-plane")?.name ?? "localhost";
    this.scheduler ??= new Scheduler({
      host,
      clock,
      trace,
      client: this.client(schedulerUser),
      source,
      kinds: this.kinds,
      random: this.schedulerRandom(),
      profiles,
      podInitialBackoffSeconds,
      podMaxBackoffSeconds,
    });
  }

  private schedulerRandom(): Random {
    return this.random.fork("kube-scheduler");
  }

  private schedulerStatus(): SchedulerStatus {
    const before = this.schedulerBefore;
    const present = this.scheduler?.status();
    if (!present) return before;
    const attempts = before.attempts + present.attempts;
    return { ...present, attempts, bound: before.bound + present.bound };
  }

  private stopScheduler(): void {
    const { attempts, bound } = this.schedulerStatus();
    this.schedulerBefore = { ...idleScheduler, attempts, bound };
    this.scheduler?.dispose();
    this.scheduler = undefined;
  }
}

function componentState(name: ComponentName, { isRunning, log }: Component): ComponentState {
  const lastLine = log.lines.at(-1)?.text;
  return { name, isRunning, ...(lastLine === undefined ? {} : { lastLine }) };
}

/** A new cluster's controllers need this long to fill its namespaces. */
const freshBootMs = 5 * second;

const idleScheduler: SchedulerStatus = {
  running: false,
  active: 0,
  backoff: 0,
  unschedulable: 0,
  gated: 0,
  queue: [],
  attempts: 0,
  bound: 0,
};
