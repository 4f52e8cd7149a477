// Carries out a decision: volumes first, as far as the Pod needs them bound or made, then the Pod.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/volumebinding/binder.go BindPodVolumes
import type { Kind } from "../../api/kind.ts";
import { Pod as PodKind } from "../../api/kinds/pod/kind.ts";
import { type KubeObject, keyOf, type ObjectKey, parseKey } from "../../api/object.ts";
import { ApiError } from "../../api/status.ts";
import type { Binding, PersistentVolume, PersistentVolumeClaim, Pod } from "../../api/types.ts";
import { type Disposable, DisposableStore } from "../../base/disposable.ts";
import type { BindingStep } from "../../scheduler/framework.ts";
import type { Clock } from "../clock.ts";
import type { LocalClient } from "../localClient.ts";

export interface BinderWorld {
  readonly clock: Clock;
  readonly client: LocalClient;
  /** Kinds by plural; absent as long as they are not served. */
  readonly volumeKinds: {
    readonly claims?: Kind<PersistentVolumeClaim>;
    readonly volumes?: Kind<PersistentVolume>;
  };
}

/** VolumeBindingArgs.bindTimeoutSeconds, in milliseconds. */
const bindTimeoutMs = 600_000;
const selectedNode = "volume.kubernetes.io/selected-node";
const boundByController = "pv.kubernetes.io/bound-by-controller";
const bindCompleted = "pv.kubernetes.io/bind-completed";

interface Waiting {
  readonly pod: Pod;
  readonly node: string;
  readonly claims: readonly ObjectKey[];
  readonly timeout: Disposable;
  readonly done: (failure?: string) => void;
}

export class Binder extends DisposableStore {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly world: BinderWorld) {
    super();
  }

  /** Calls `done` once the Pod is bound, or with the reason why it is not. */
  bind(
    pod: Pod,
    node: string,
    steps: readonly BindingStep[],
    done: (failure?: string) => void,
  ): void {
    const claims = steps.flatMap((step) => (step.type === "bindPod" ? [] : [parseKey(step.claim)]));
    const failure = this.prepare(steps);
    if (failure !== undefined) {
      done(failure);
      return;
    }
    if (claims.length === 0) {
      done(this.bindPod(pod, node));
      return;
    }
    const id = pod.metadata.uid ?? "";
    const timeout = this.add(
      this.world.clock.after(bindTimeoutMs, "give up on a Pod's volumes", () => {
        this.waiting.delete(id);
        done('running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded');
      }),
    );
    this.waiting.set(id, { pod, node, claims, timeout, done });
    this.review();
  }

  /** Claims changed: Pods whose claims are all bound go on. */
  review(): void {
    for (const [id, { pod, node, claims, timeout, done }] of [...this.waiting]) {
      if (!claims.every((key) => this.isBound(key))) continue;
      this.waiting.delete(id);
      timeout.dispose();
      done(this.bindPod(pod, node));
    }
  }

  private isBound(key: ObjectKey): boolean {
    const { claims } = this.world.volumeKinds;
    const claim = claims && attempt(() => this.world.client.get(claims, key));
    if (!claim || typeof claim === "string") return false;
    return (
      Boolean(claim.spec?.volumeName) && claim.metadata.annotations?.[bindCompleted] !== undefined
    );
  }

  /** Asks the volume controller to bind or to provision. @returns why it could not be asked */
  private prepare(steps: readonly BindingStep[]): string | undefined {
    const { claims, volumes } = this.world.volumeKinds;
    for (const step of steps) {
      let failed: unknown;
      if (step.type === "bindVolume" && claims && volumes)
        failed = attempt(() => this.bindVolume(claims, volumes, step));
      else if (step.type === "provisionVolume" && claims)
        failed = this.annotate(claims, parseKey(step.claim), { [selectedNode]: step.node });
      if (typeof failed === "string") return failed;
    }
    return undefined;
  }

  private bindVolume(
    claims: Kind<PersistentVolumeClaim>,
    volumes: Kind<PersistentVolume>,
    { claim: claimKey, volume: name }: Extract<BindingStep, { type: "bindVolume" }>,
  ): void {
    const { client } = this.world;
    const claim = client.get(claims, parseKey(claimKey));
    const { namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
    const claimRef = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      namespace,
      name: claim.metadata.name,
      uid,
      resourceVersion,
    };
    const metadata = { annotations: { [boundByController]: "yes" } };
    client.patch(volumes, { namespace: "", name }, { metadata, spec: { claimRef } });
  }

  private annotate(
    kind: Kind,
    key: ObjectKey,
    annotations: Readonly<Record<string, string>>,
  ): string | KubeObject {
    return attempt(() => this.world.client.patch(kind, key, { metadata: { annotations } }));
  }

  private bindPod(pod: Pod, node: string): string | undefined {
    const { name, namespace = "" } = pod.metadata;
    const binding: Binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace },
      target: { apiVersion: "v1", kind: "Node", name: node },
    };
    const failed = attempt(() =>
      this.world.client.createSubresource(PodKind, keyOf(pod), "binding", binding),
    );
    return typeof failed === "string" ? failed : undefined;
  }
}

/** What the action gave, or why the server refused it. */
function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}
