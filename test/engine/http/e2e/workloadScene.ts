// What the conformance tests of workloads have in common: a cluster of two workers, their objects, and
// how they wait. Source: test/e2e/framework, kubernetes v1.34.
import { type Answered, E2eClient } from "../../../support/e2eClient.ts";

export const core = "/api/v1/namespaces/default";
export const apps = "/apis/apps/v1/namespaces/default";
export const batch = "/apis/batch/v1/namespaces/default";
export const policy = "/apis/policy/v1/namespaces/default";

type Json = Readonly<Record<string, unknown>>;

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** An object as these tests read it. */
export interface Seen extends Answered {
  // biome-ignore lint/suspicious/noExplicitAny: the tests read fields of every kind.
  readonly spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read fields of every kind.
  readonly status: any;
}

export const webserver = "registry.k8s.io/e2e-test-images/httpd:2.4.38-4";
export const pause = "registry.k8s.io/pause:3.10.1";

export const podTemplate = (app: string, image = webserver, more: Json = {}) => ({
  metadata: { labels: { app } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: app, image }], ...more },
});

export function workload(kind: string, name: string, spec: Json = {}, template: object = {}) {
  const selector =
    kind === "ReplicationController" ? { app: name } : { matchLabels: { app: name } };
  const group = kind === "ReplicationController" ? "" : "apps/";
  return {
    apiVersion: `${group}v1`,
    kind,
    metadata: { name, labels: { app: name } },
    spec: {
      selector,
      template: { ...podTemplate(name), ...template },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      ...spec,
    },
  };
}

export function pod(name: string, spec: Json = {}, metadata: Json = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name }, ...metadata },
    spec: { ...podTemplate(name, pause).spec, ...spec },
  };
}

export class WorkloadScene extends E2eClient {
  constructor() {
    super(2);
    this.run(20_000);
  }

  async see(path: string): Promise<Seen> {
    return (await this.get(path)) as Seen;
  }

  async seeAll(path: string): Promise<readonly Seen[]> {
    return (await this.list(path)).items as readonly Seen[];
  }

  pods(app: string): Promise<readonly Seen[]> {
    return this.seeAll(`${core}/pods?labelSelector=app%3D${app}`);
  }

  /** Pods that run, are ready and are not being deleted. */
  async running(app: string): Promise<number> {
    return (await this.pods(app)).filter(isRunning).length;
  }

  async podsRunning(app: string, count: number): Promise<void> {
    const holds = async () => (await this.running(app)) === count;
    await this.until(300, `${count} Pods of ${app} run`, holds);
  }

  async field(path: string, what: string, holds: (object: Seen) => boolean): Promise<Seen> {
    let seen = await this.see(path);
    await this.until(300, `${what} of ${path}`, async () => {
      seen = await this.see(path);
      return holds(seen);
    });
    return seen;
  }

  async gone(path: string, seconds = 300): Promise<void> {
    const holds = async () => (await this.cluster.json("GET", path)).code === 404;
    await this.until(seconds, `${path} is gone`, holds);
  }

  /** Waits until watchers have been told of what has happened: an answer comes after it. */
  async told(): Promise<void> {
    await this.list("/api/v1/namespaces");
  }

  async refusal(method: string, path: string, body: object): Promise<string> {
    return this.cluster.line(method, path, { body });
  }
}

export function isRunning({ status, metadata }: Seen): boolean {
  const { conditions = [] } = status as { conditions?: readonly Condition[] };
  const isReady = conditions.some(({ type, status: is }) => type === "Ready" && is === "True");
  return isReady && !("deletionTimestamp" in metadata);
}

export function conditionOf({ status }: Seen, type: string): Condition | undefined {
  return (status.conditions as readonly Condition[] | undefined)?.find((one) => one.type === type);
}

export function ownersOf({ metadata }: Answered): readonly string[] {
  const { ownerReferences = [] } = metadata as unknown as {
    ownerReferences?: readonly { readonly name: string }[];
  };
  return ownerReferences.map(({ name }) => name);
}
