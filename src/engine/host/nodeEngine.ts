// Assembles an engine on Node: stored history, wall clock, and the door for clients outside. The
// editor's worker and the command line share it.

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { apiErrors } from "../../api/apiErrorCodec.ts";
import type { ClusterSpec } from "../../api/clusterSpec.ts";
import type { Disposable } from "../../base/disposable.ts";
import { hash } from "../../base/random.ts";
import { second } from "../../base/time.ts";
import type { OpenDoor } from "../../client/engineContract.ts";
import type { Distribution } from "../distribution.ts";
import { Engine } from "../engine.ts";
import { Controls } from "../http/controls.ts";
import { HttpHandler } from "../http/handler.ts";
import { forwardConnection } from "../http/streams/forwardConnection.ts";
import type { KubeletStreams } from "../http/streams/kubeletStreams.ts";
import { SimulatedKubelet } from "../http/streams/simulatedKubelet.ts";
import type { RuntimeProfile } from "../node/runtimeProfile.ts";
import type { DurableLog } from "./durableLog.ts";
import { type ClusterFile, EngineHost, type Replacement } from "./engineHost.ts";
import { nodeCertificateAuthority } from "./nodeCertificateAuthority.ts";
import { nodeCertificateRequests } from "./nodeCertificateRequests.ts";
import { type ClusterCertificates, clusterCertificates } from "./nodeCertificates.ts";
import { onEndpointWanted, publishEndpoint, withdrawEndpoint } from "./nodeEndpoint.ts";
import { builtDocumentation } from "./nodeFieldDocs.ts";
import { type HttpsDoor, openHttpsDoor } from "./nodeHttps.ts";
import { writeKubeconfig } from "./nodeKubeconfig.ts";
import { PortForwards } from "./nodePortForwards.ts";
import { nodeRequestSignatures } from "./nodeRequestSignatures.ts";
import { ServedDoor } from "./nodeServedDoor.ts";
import { moveStorage, NodeStorage, removeStorage } from "./nodeStorage.ts";
import { nodeTokenSigner } from "./nodeTokenSigner.ts";
import { nodeWebhooks } from "./nodeWebhooks.ts";

/** The machines of a new cluster need this long to get ready: nobody should have to watch it. */
const firstBootMs = second;

export interface NodeEngineOptions {
  /** The SQLite file that keeps the cluster; certificates are in a folder beside it. */
  readonly storagePath: string;
  readonly spec: ClusterSpec;
  /** How the machines behave; in full if absent. */
  readonly runtime?: RuntimeProfile;
  /** Whose cluster it is; kubeadm's if absent. */
  readonly distribution?: Distribution;
  /** The most that superseded states of objects may take; half a gigabyte if absent. */
  readonly historyBytes?: number;
  /** A damaged store was moved to `path`, and an empty one took its place. */
  onSetAside(path: string, reason: string): void;
  /** A defect that a request has found. */
  onDefect(error: unknown): void;
  /** Another cluster is at the same path now: open it. Absent if nobody would. */
  onReplaced?(): void;
}

export class NodeEngine {
  readonly host: EngineHost;
  private door: Promise<ServedDoor> | undefined;
  private readonly guests: Disposable;
  private readonly forwards: PortForwards;

  private constructor(
    private readonly engine: Engine,
    private readonly certificates: ClusterCertificates,
    private readonly options: NodeEngineOptions,
    log: NodeStorage,
  ) {
    const { storagePath } = options;
    this.host = new EngineHost({
      engine,
      log: withMeta(log, engine),
      wall: {
        now: () => performance.now(),
        soon: (call) => setImmediate(call),
        later(delay, call) {
          const timer = setTimeout(call, delay);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      door: {
        listen: (port) =>
          this.listen(port, { kubeconfig: join(dirname(storagePath), "kubeconfig") }),
        forward: (target) => this.forwards.open(target),
        close: () => this.closeDoor(),
      },
      file: clusterFile(log, options),
    });
    this.forwards = new PortForwards((target, output) =>
      forwardConnection(target, output, {
        client: engine.client("system:apiserver"),
        kubelet: (node) => this.kubelet(node),
        dial: (to, output) => engine.dial(to, output),
      }),
    );
    this.guests = onEndpointWanted(this.folder, () => this.letIn());
  }

  /** Rejects with `StorageInUse` if another process has the store open. */
  static async open(options: NodeEngineOptions): Promise<NodeEngine> {
    const { storagePath, runtime, distribution, historyBytes, onSetAside } = options;
    const { storage: log, stored } = NodeStorage.open({ path: storagePath, onSetAside });
    withdrawEndpoint(dirname(storagePath));
    const members = log.getMeta(membersName);
    const faults = log.getMeta(faultsName);
    const certificates = await clusterCertificates(join(dirname(storagePath), "pki"));
    const seed = Number(log.getMeta("seed") ?? hash(`${storagePath}${Date.now()}`));
    log.setMeta("seed", String(seed));
    const engine = new Engine({
      now: Date.now() - firstBootMs,
      seed,
      spec: specOf(log, options),
      ...(runtime ? { runtime } : {}),
      ...(distribution ? { distribution } : {}),
      ...(historyBytes === undefined ? {} : { historyBytes }),
      rootCertificate: certificates.ca.certificate,
      authority: nodeCertificateAuthority(certificates.ca),
      certificateRequests: nodeCertificateRequests,
      requestSignatures: nodeRequestSignatures,
      tokenSigner: nodeTokenSigner(join(dirname(storagePath), "pki")),
      history: {
        ...stored,
        ...(members === undefined ? {} : { members: JSON.parse(members) }),
        ...(faults === undefined ? {} : { faults: JSON.parse(faults) }),
      },
      backend: log,
    });
    if (stored.events.length === 0) engine.clock.run(firstBootMs);
    for (const event of engine.trace.since((stored.trace.at(-1)?.id ?? 0) + 1))
      log.appendTrace(event);
    engine.trace.onAdded((event) => log.appendTrace(event));
    return new NodeEngine(engine, certificates, options, log);
  }

  /** Opens the door, unless it is open, and writes how to find it to `kubeconfig`. */
  async listen(
    port: number,
    { kubeconfig, context }: { readonly kubeconfig: string; readonly context?: string },
  ): Promise<OpenDoor> {
    this.door ??= this.openDoor(port);
    try {
      const { url } = await this.door;
      const where = { path: kubeconfig, url, ...(context === undefined ? {} : { context }) };
      writeKubeconfig(where, this.certificates);
      return { url, kubeconfig };
    } catch (error) {
      this.door = undefined;
      throw error;
    }
  }

  private get folder(): string {
    return dirname(this.options.storagePath);
  }

  /** A second window asks for the door. One that it cannot have must not end this one. */
  private letIn(): void {
    this.listen(0, { kubeconfig: join(this.folder, "kubeconfig") }).catch(this.options.onDefect);
  }

  private async closeDoor(): Promise<void> {
    this.guests.dispose();
    withdrawEndpoint(this.folder);
    await this.forwards.close();
    await (await this.door)?.close();
  }

  private async openDoor(port: number): Promise<ServedDoor> {
    const { engine, certificates, options } = this;
    const handler = this.makeHandler();
    const open = (at: number): Promise<HttpsDoor> =>
      openHttpsDoor({
        port: at,
        certificate: certificates.apiserver,
        clientAuthority: certificates.ca.certificate,
        handle: (request) => handler.handle(request),
        onDefect: options.onDefect,
      });
    const door = await ServedDoor.open({ port, open, apiServer: engine.apiServer });
    const { ca, admin } = certificates;
    publishEndpoint(this.folder, { url: door.windowUrl, ca: ca.certificate, ...admin });
    return door;
  }

  private makeHandler(): HttpHandler {
    const { engine, options } = this;
    return new HttpHandler({
      apiServer: engine.apiServer,
      kinds: engine.kinds,
      tokens: engine.apiServer.authenticator,
      gate: this.host.gate,
      controls: new Controls(this.host.handlers, apiErrors),
      now: () => engine.clock.now(),
      documentation: builtDocumentation(),
      digest: (text) => createHash("sha512").update(text).digest("hex").toUpperCase(),
      wallNow: Date.now,
      random: Math.random,
      uuid: randomUUID,
      webhooks: nodeWebhooks,
      services: {
        post: (request) => new Promise((done) => engine.serviceCalls.post(request, done)),
      },
      status: () => this.host.status(),
      kubelet: (node) => this.kubelet(node),
      dial: (to, output) => engine.dial(to, output),
      reportDefect: options.onDefect,
    });
  }

  private kubelet(node: string): KubeletStreams | undefined {
    const kubelet = this.engine.kubelet(node);
    return kubelet && new SimulatedKubelet(kubelet);
  }
}

const membersName = "etcd";
const faultsName = "faults";
const specName = "spec";

/** How a cluster is to begin that is not there yet. */
function descriptionPath(storagePath: string): string {
  return `${storagePath}.new.json`;
}

/** What a stored cluster is made of, or a new one is to be made of. */
function specOf(log: NodeStorage, { storagePath, spec }: NodeEngineOptions): ClusterSpec {
  const stored = log.getMeta(specName);
  const path = descriptionPath(storagePath);
  const described = stored ?? (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  rmSync(path, { force: true });
  return described === undefined ? spec : { ...spec, ...JSON.parse(described) };
}

/** What is no object of the cluster is stored with the writes of its time. */
function withMeta(log: NodeStorage, engine: Engine): DurableLog {
  const facts = {
    [membersName]: () => engine.etcd.cluster.state(),
    [faultsName]: () => engine.faults.list(),
    [specName]: () => engine.spec,
  };
  const before = new Map(Object.keys(facts).map((name) => [name, log.getMeta(name)]));
  return {
    commit() {
      for (const [name, fact] of Object.entries(facts)) {
        const text = JSON.stringify(fact());
        if (text !== before.get(name)) log.setMeta(name, text);
        before.set(name, text);
      }
      log.commit();
    },
    close: () => log.close(),
  };
}

function clusterFile(log: NodeStorage, options: NodeEngineOptions): ClusterFile {
  const { storagePath } = options;
  const replacement = (place: () => void): Replacement => {
    const { onReplaced } = options;
    if (!onReplaced) throw new Error("this cluster cannot be replaced while it is served");
    return () => {
      log.discard();
      place();
      onReplaced();
    };
  };
  return {
    path: storagePath,
    get size() {
      return log.size;
    },
    exportTo: (path) => log.exportTo(path),
    prepareImport(path) {
      const incoming = `${storagePath}.incoming`;
      const replace = replacement(() => moveStorage(incoming, storagePath));
      NodeStorage.copySnapshot(path, incoming);
      return replace;
    },
    prepareReset: (spec) =>
      replacement(() => {
        removeStorage(storagePath);
        if (spec) writeFileSync(descriptionPath(storagePath), JSON.stringify(spec));
      }),
  };
}
