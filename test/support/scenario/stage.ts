// The cluster of a scenario, and the commands that are carried out on it.

import { readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";
import type { MachineSpec } from "../../../src/api/clusterSpec.ts";
import type { Fault } from "../../../src/api/fault.ts";
import type { Kind } from "../../../src/api/kind.ts";
import { controllerOf, type KubeObject, type ObjectKey } from "../../../src/api/object.ts";
import type { RequestOptions } from "../../../src/api/request.ts";
import { ApiError, hasReason } from "../../../src/api/status.ts";
import type { Node, Pod, PodTemplateSpec, Taint } from "../../../src/api/types.ts";
import type { Instant } from "../../../src/base/time.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { LocalClient } from "../../../src/engine/localClient.ts";
import { History } from "./history.ts";
import type { Line } from "./scenarioText.ts";
import { ShortNames } from "./shortNames.ts";
import { usualObject } from "./usualObjects.ts";
import { durationOf, wordsOf } from "./words.ts";

/** Boots before the scenario begins. */
const bootMs = 20_000;
/** A Sunday midnight, so that CronJobs' times are easy to read. */
const startedAt = Date.UTC(2026, 1, 1);

export interface StageOptions {
  /** Of each machine: "worker-1 cpu=2 zone=a". */
  readonly machines?: readonly string[];
  /** Where `apply FILE` looks. */
  readonly folder?: URL;
}

export class Stage {
  readonly engine: Engine;
  readonly history: History;
  /** What the server refused, until a fact expects it. */
  refusals: string[] = [];
  private readonly client: LocalClient;

  constructor(private readonly options: StageOptions = {}) {
    const machines = (options.machines ?? ["worker-1", "worker-2"]).map(machineOf);
    this.engine = new Engine({
      now: startedAt - bootMs,
      seed: 7,
      spec: { machines, hasMetricsServer: true },
    });
    this.engine.clock.run(bootMs);
    this.client = this.engine.client("kubernetes-admin");
    this.history = new History(this.engine);
  }

  get now(): Instant {
    return this.engine.clock.now();
  }

  /** The kind that a plural, singular or short name means. */
  kind(word: string): Kind {
    for (const kind of this.engine.kinds)
      if (!kind.storedAs && [kind.plural, kind.singular, ...kind.shortNames].includes(word))
        return kind;
    throw new Error(`there is no kind ${word}`);
  }

  /** Short names of all that there has been. */
  names(): ShortNames {
    const names = new ShortNames();
    for (const word of ["replicasets", "jobs", "pods"])
      names.learn(this.history.created(this.kind(word)));
    return names;
  }

  /** Carries out a command; what the server refuses is kept. */
  do(line: Line): void {
    const [verb = "", ...words] = wordsOf(line.text);
    const command = this.commands[verb];
    if (!command) throw new Error(`line ${line.number}: there is no command ${verb}`);
    try {
      command(words, line);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refusals.push(error.message);
    }
  }

  private readonly commands: Readonly<
    Record<string, (words: readonly string[], line: Line) => void>
  > = {
    run: ([span = ""]) => this.engine.clock.run(durationOf(span)),
    apply: ([file], line) => this.apply(file ? this.read(file) : line.below.join("\n")),
    create: ([kind = "", name = "", fields = ""]) =>
      this.create(usualObject(this.kind(kind).singular, name, fields)),
    patch: ([target = "", name = "", body = ""]) => {
      const [kind = "", subresource] = target.split("/");
      const options = subresource ? { subresource } : {};
      const found = this.kind(kind);
      const type = found.gvk.group.includes(".k8s.io") && !found.gvk ? "merge" : "strategic";
      this.client.patch(found, this.key(found, name), parse(body), { type, ...options });
    },
    scale: ([kind = "", name = "", replicas = ""]) =>
      this.patchSpec(kind, name, { replicas: Number(replicas) }),
    image: ([kind = "", name = "", image = ""]) =>
      this.patchSpec(kind, name, { template: { spec: { containers: [{ name: "main", image }] } } }),
    undo: ([name = "", revision]) => this.undo(name, revision),
    label: ([kind = "", name = "", ...labels]) => {
      const changes = labels.map((label) =>
        label.endsWith("-") ? [label.slice(0, -1), null] : label.split("="),
      );
      this.patchObject(kind, name, { metadata: { labels: Object.fromEntries(changes) } });
    },
    delete: ([kind = "", name = "", ...options]) => {
      const found = this.kind(kind);
      this.client.delete(found, this.key(found, name), deleteOptions(options));
    },
    taint: ([name = "", taint = ""]) => this.taint(name, taint),
    cordon: ([name = ""]) => this.patchSpec("node", name, { unschedulable: true }),
    uncordon: ([name = ""]) => this.patchSpec("node", name, { unschedulable: null }),
    evict: ([name = "", ...options]) => this.evict(this.key(this.kind("pod"), name), options),
    drain: ([name = ""]) => this.drain(name),
    fault: (words) => this.engine.faults.inject(faultOf(words)),
    heal: (words) => this.engine.faults.heal(faultOf(words)),
  };

  private read(file: string): string {
    if (!this.options.folder) throw new Error("there is no folder to read from");
    return readFileSync(new URL(file, this.options.folder), "utf8");
  }

  private apply(text: string): void {
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as KubeObject | null;
      if (object) this.create(object);
    }
  }

  private create(object: KubeObject): void {
    const kind = this.engine.kinds.forObject(object.apiVersion, object.kind);
    if (!kind) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
    const { namespace = kind.namespaced ? "default" : undefined } = object.metadata;
    const metadata = { ...object.metadata, ...(namespace ? { namespace } : {}) };
    this.client.create(kind, { ...object, metadata });
  }

  /** "name", "namespace/name", or a short name. */
  key(kind: Kind, word: string): ObjectKey {
    const uid = this.names().uidOf(kind.gvk.kind, word);
    if (uid !== undefined) {
      const { metadata } = this.history.all(kind).find((one) => one.metadata.uid === uid) ?? {};
      return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
    }
    if (!kind.namespaced) return { namespace: "", name: word };
    const [namespace = "", name] = word.split("/");
    return name === undefined ? { namespace: "default", name: word } : { namespace, name };
  }

  private patchObject(kind: string, name: string, body: object): void {
    const found = this.kind(kind);
    this.client.patch(found, this.key(found, name), body, { type: "strategic" });
  }

  private patchSpec(kind: string, name: string, spec: object): void {
    this.patchObject(kind, name, { spec });
  }

  /** kubectl rollout undo: the template of an earlier revision, without its hash. */
  private undo(name: string, revision: string | undefined): void {
    const ofRevision = (one: KubeObject): number =>
      Number(one.metadata.annotations?.["deployment.kubernetes.io/revision"]);
    const sets = this.client
      .list<KubeObject>(this.kind("replicasets"), { namespace: "default" })
      .items.filter((one) => controllerOf(one)?.name === name)
      .toSorted((a, b) => ofRevision(b) - ofRevision(a));
    const wanted = revision ? sets.find((one) => ofRevision(one) === Number(revision)) : sets[1];
    if (!wanted) throw new Error(`${name} has no such revision`);
    const { template } = (wanted as unknown as { spec: { template: PodTemplateSpec } }).spec;
    const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
    const value = { ...template, metadata: { ...template.metadata, labels } };
    const patch = [{ op: "replace", path: "/spec/template", value }];
    const kind = this.kind("deployments");
    this.client.patch(kind, this.key(kind, name), patch, { type: "json" });
  }

  private taint(name: string, text: string): void {
    const kind = this.kind("node") as Kind<Node>;
    const node = this.client.get(kind, { namespace: "", name });
    const [, key = "", value, effect, isRemoved] =
      /^([^=:]+?)(?:=([^:]*?))?(?::(\w+))?(-)?$/.exec(text) ?? [];
    const others = (node.spec?.taints ?? []).filter(
      (taint) => taint.key !== key || (effect !== undefined && taint.effect !== effect),
    );
    const added = { key, effect, ...(value ? { value } : {}) } as Taint;
    const taints = isRemoved ? others : [...others, added];
    this.client.update(kind, { ...node, spec: { ...node.spec, taints } });
  }

  private evict(key: ObjectKey, options: readonly string[] = []): void {
    const { namespace, name } = key;
    this.client.createSubresource(this.kind("pod"), key, "eviction", {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace, name },
      ...(options.length > 0 ? { deleteOptions: deleteOptions(options) } : {}),
    });
  }

  /** kubectl drain --ignore-daemonsets, once: what a budget protects stays. */
  private drain(node: string): void {
    this.patchSpec("node", node, { unschedulable: true });
    const pods = this.client.list(this.kind("pods") as Kind<Pod>).items;
    for (const pod of pods) {
      if (pod.spec.nodeName !== node || controllerOf(pod)?.kind === "DaemonSet") continue;
      const { namespace = "", name } = pod.metadata;
      try {
        this.evict({ namespace, name });
      } catch (error) {
        if (!hasReason(error, "TooManyRequests")) throw error;
      }
    }
  }
}

function machineOf(text: string): MachineSpec {
  const [name = "", ...words] = wordsOf(text);
  const settings: Record<string, unknown> = Object.fromEntries(words.map((w) => w.split("=")));
  return { name, role: "worker", cpu: "4", memory: "8Gi", ...settings } as MachineSpec;
}

function deleteOptions(words: readonly string[]): RequestOptions {
  const options: Record<string, unknown> = {};
  for (const word of words) {
    const [name, value = ""] = word.split("=");
    if (name === "grace") options.gracePeriodSeconds = Number(value);
    else options.propagationPolicy = value;
  }
  return options;
}

/** Beside what it is about a fault may need how strong it is, e.g. "loseHeartbeats worker-1 percent=50". */
function faultOf([type = "", ...words]: readonly string[]): Fault {
  const fault: Record<string, unknown> = { type };
  for (const word of words) {
    const [name, value] = word.split("=");
    if (value === undefined) fault[targetNames[type] ?? "node"] = word;
    else fault[name ?? ""] = Number.isNaN(Number(value)) ? value : Number(value);
  }
  return fault as unknown as Fault;
}

/** What a fault's target is called; a node if it is not here. */
const targetNames: Readonly<Record<string, string>> = {
  stopComponent: "component",
  stopController: "controller",
  stopEtcdMember: "member",
  cutOffEtcdMember: "member",
};
