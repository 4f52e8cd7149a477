// The Pods that a kubelet runs by itself: one for each manifest on its machine, and a mirror of each in
// the API, which comes back when somebody deletes it.
// Source: pkg/kubelet/{config/file.go,kubelet.go tryReconcileMirrorPods,kubelet_pods.go}, kubernetes v1.34.
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { keyOf, keyText } from "../../../api/object.ts";
import { ApiError, hasReason } from "../../../api/status.ts";
import type { Node, Pod } from "../../../api/types.ts";
import { type Disposable, DisposableStore } from "../../../base/disposable.ts";
import { type Millis, second } from "../../../base/time.ts";
import type { Clock } from "../../clock.ts";
import type { LocalClient } from "../../localClient.ts";
import type { ManifestFolder } from "./manifestFolder.ts";
import { isMirrorOf, isMirrorPod, mirrorOf, staticPodOf } from "./staticPod.ts";

/** Source: housekeepingPeriod. */
const housekeepingMs: Millis = 2 * second;

export interface StaticPodsWorld {
  readonly clock: Clock;
  readonly client: LocalClient;
  readonly machine: string;
  readonly folder: ManifestFolder;
  /** The machine's Node as the API has it. */
  node(): Node | undefined;
  /** The machine's Pods as the API has them. */
  pods(): readonly Pod[];
  run(pod: Pod): void;
  /** Ends a Pod with the grace that its spec gives. */
  end(pod: Pod): void;
}

interface Entry {
  readonly pod: Pod;
  /** Its manifest is gone, and it is being stopped. */
  isEnding: boolean;
}

export class StaticPods {
  /** By file. */
  private readonly wanted = new Map<string, Pod>();
  /** By namespace and name: a Pod waits until the one that had its name before is gone. */
  private readonly running = new Map<string, Entry>();
  private process: DisposableStore | undefined;
  private retry: Disposable | undefined;

  constructor(private readonly world: StaticPodsWorld) {
    this.read();
  }

  /** What the manifests ask for, as they were last read, with the status that the API has of what runs. */
  list(): readonly Pod[] {
    return [...this.wanted.values()].map((pod) => {
      const status = this.world.pods().find((known) => isMirrorOf(known, pod))?.status;
      return status?.phase === "Running" ? { ...pod, status } : pod;
    });
  }

  /** Whether the Pod is one of these, be it that it is just being stopped. */
  has(uid: string): boolean {
    return [...this.running.values()].some(({ pod }) => pod.metadata.uid === uid);
  }

  /** Whether the Pod is one of these, and stays it. */
  isShown(uid: string): boolean {
    return [...this.running.values()].some(
      ({ pod, isEnding }) => pod.metadata.uid === uid && !isEnding,
    );
  }

  /** The Pod that runs here and that `mirror` shows; undefined if it shows none, or one of the past. */
  shownBy(mirror: Pod): Pod | undefined {
    const pod = this.running.get(keyText(keyOf(mirror)))?.pod;
    return pod && isMirrorOf(mirror, pod) ? pod : undefined;
  }

  /** Runs what the manifests ask for, until it is disposed; then nothing is stopped. */
  start(): Disposable {
    const process = new DisposableStore();
    this.process = process;
    process.add(this.world.folder.onChange(() => this.sync()));
    process.add({
      dispose: () => {
        this.process = undefined;
        this.retry?.dispose();
        this.running.clear();
      },
    });
    this.sync();
    return process;
  }

  /** The API has another version of a mirror, of the Node, or lost one of them. */
  reconcile(): void {
    if (!this.process) return;
    this.retry?.dispose();
    const mirrors = this.world.pods().filter(isMirrorPod);
    const isDone = [
      ...mirrors.map((mirror) => succeeds(() => this.removeUnlessRight(mirror))),
      ...[...this.running.values()].map(({ pod, isEnding }) =>
        succeeds(() => {
          if (!isEnding) this.show(pod);
        }),
      ),
    ];
    if (isDone.every(Boolean)) return;
    const { clock, machine } = this.world;
    this.retry = clock.after(housekeepingMs, `mirror the static Pods of ${machine}`, () =>
      this.reconcile(),
    );
  }

  /** Nothing of the Pod runs any more. */
  ended(uid: string): void {
    for (const [name, { pod, isEnding }] of this.running)
      if (isEnding && pod.metadata.uid === uid) this.running.delete(name);
    if (this.process) this.sync();
  }

  private read(): void {
    const { folder, machine: node, clock } = this.world;
    const files = new Map(folder.entries);
    for (const file of this.wanted.keys()) if (!files.has(file)) this.wanted.delete(file);
    for (const [file, manifest] of files) {
      const pod = staticPodOf(manifest, { file, node, seenAt: clock.now() });
      if (this.wanted.get(file)?.metadata.uid !== pod.metadata.uid) this.wanted.set(file, pod);
    }
  }

  private sync(): void {
    this.read();
    const wanted = new Map(this.list().map((pod) => [pod.metadata.uid, pod] as const));
    for (const entry of this.running.values()) {
      if (entry.isEnding || wanted.has(entry.pod.metadata.uid)) continue;
      entry.isEnding = true;
      this.world.end(entry.pod);
    }
    for (const pod of wanted.values()) {
      const name = keyText(keyOf(pod));
      if (this.running.has(name)) continue;
      this.running.set(name, { pod, isEnding: false });
      this.world.run(pod);
    }
    this.reconcile();
  }

  private removeUnlessRight(mirror: Pod): void {
    const entry = this.running.get(keyText(keyOf(mirror)));
    const isAsked = mirror.metadata.deletionTimestamp !== undefined;
    if (entry && isMirrorOf(mirror, entry.pod) && (entry.isEnding || !isAsked)) return;
    const { uid } = mirror.metadata;
    this.world.client.delete(PodKind, keyOf(mirror), {
      gracePeriodSeconds: 0,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  }

  /** Without its Node there is nobody to own the mirror; the Node's arrival brings it here again. */
  private show(pod: Pod): void {
    const node = this.world.node();
    const { uid } = node?.metadata ?? {};
    if (uid === undefined || node?.metadata.deletionTimestamp !== undefined) return;
    const name = keyText(keyOf(pod));
    if (this.world.pods().some((known) => keyText(keyOf(known)) === name)) return;
    this.world.client.create(PodKind, mirrorOf(pod, uid));
  }
}

/** @returns false if it has to be tried again; what is there, or gone, is as it should be */
function succeeds(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return hasReason(error, "AlreadyExists") || hasReason(error, "NotFound");
  }
}
