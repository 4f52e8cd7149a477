// The volumes of one Pod on its machine: set up before its first container, shared by all of them, gone
// with the Pod. Source: pkg/kubelet/volumemanager, pkg/volume, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import { ConfigMap as ConfigMapKind } from "../../../api/kinds/configMap.ts";
import { PersistentVolume as PersistentVolumeKind } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim as ClaimKind } from "../../../api/kinds/persistentVolumeClaim.ts";
import { Secret as SecretKind } from "../../../api/kinds/secret.ts";
import { ServiceAccount as ServiceAccountKind } from "../../../api/kinds/serviceAccount.ts";
import type { KubeObject } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type { HostPathVolumeSource, PersistentVolume, Pod, Volume } from "../../../api/types.ts";
import { type Disposable, DisposableStore } from "../../../base/disposable.ts";
import { hash } from "../../../base/random.ts";
import { type Instant, type Millis, minute, second } from "../../../base/time.ts";
import type { Clock } from "../../clock.ts";
import type { LocalClient } from "../../localClient.ts";
import type { PodFacts } from "../downwardApi.ts";
import { directory, type FileNode } from "../process/fileNode.ts";
import { FileTree } from "../process/mounts.ts";
import { AtomicVolume } from "./atomicVolume.ts";
import type { ConfigWatch } from "./configWatch.ts";
import { hostPathNode } from "./hostPath.ts";
import { MissingSource, type Payload, type PayloadSources, payloadOf } from "./payload.ts";
import type { VolumeStore } from "./volumeStore.ts";

export interface PodVolumesWorld {
  readonly client: LocalClient;
  readonly store: VolumeStore;
  readonly node: string;
  readonly configs: ConfigWatch;
  readonly clock: Clock;
  facts(): PodFacts;
}

/** A Pod is synced again after this long, up to half as long more. pkg/kubelet resyncInterval, workerResyncIntervalJitterFactor. */
const resyncMs = minute;
const resyncJitter = 0.5;
/** A changed Pod is synced at once; its files follow in the volume manager's next turn. */
const ownChangeMs = second;

/** What a container may mount. */
export interface MountableVolume {
  readonly tree: FileTree;
  /** The directory or file of the tree that is the volume; the tree's root if absent. */
  readonly node?: FileNode;
  readonly isReadOnly: boolean;
}

export interface MountFailure {
  readonly volume: string;
  /** The words of the FailedMount event. */
  readonly message: string;
}

export class PodVolumes extends DisposableStore {
  private readonly setUpAt: Instant;
  private due: Disposable | undefined;
  private readonly volumes = new Map<string, MountableVolume>();
  private readonly shown = new Map<string, AtomicVolume>();

  constructor(private readonly world: PodVolumesWorld) {
    super();
    this.setUpAt = world.clock.now();
    this.add({ dispose: () => this.due?.dispose() });
  }

  /** Sets up what is not yet. @returns what can't be now */
  setUp(): readonly MountFailure[] {
    const { spec } = this.world.facts().pod;
    return (spec.volumes ?? []).flatMap((volume) => {
      if (this.volumes.has(volume.name)) return [];
      try {
        this.volumes.set(volume.name, this.made(volume));
        return [];
      } catch (error) {
        if (!(error instanceof MissingSource)) throw error;
        const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`;
        return [{ volume: volume.name, message }];
      }
    });
  }

  get(name: string): MountableVolume | undefined {
    return this.volumes.get(name);
  }

  /** The Pod itself is another: what shows its fields follows. */
  podChanged(): void {
    if (this.shown.size > 0) this.refreshAfter(ownChangeMs);
  }

  /** What the kubelet shows of the API follows at the Pod's next periodic sync. */
  private sourceChanged(): void {
    const { clock, facts } = this.world;
    const jitter = (hash(facts().pod.metadata.uid ?? "") % 1_000) / 1_000;
    const period = Math.round(resyncMs * (1 + resyncJitter * jitter));
    this.refreshAfter(period - ((clock.now() - this.setUpAt) % period));
  }

  private refreshAfter(delay: Millis): void {
    this.due?.dispose();
    const { clock, facts } = this.world;
    const why = `volumes of ${facts().pod.metadata.name} are brought up to date`;
    this.due = clock.after(delay, why, () => this.refresh());
  }

  /** Shows what the API's objects say now. What can't be read goes on saying what it said. */
  private refresh(): void {
    const { spec } = this.world.facts().pod;
    for (const volume of spec.volumes ?? []) {
      const shown = this.shown.get(volume.name);
      const payload = shown && this.read(volume);
      if (shown && payload) shown.update(payload);
    }
  }

  private made(volume: Volume): MountableVolume {
    const { emptyDir, hostPath, persistentVolumeClaim, ephemeral } = volume;
    const { node, store } = this.world;
    const { pod } = this.world.facts();
    if (hostPath) return { ...hostVolume(store.machine(node), hostPath), isReadOnly: false };
    if (persistentVolumeClaim) {
      const { claimName, readOnly = false } = persistentVolumeClaim;
      return { ...this.claimed(claimName), isReadOnly: readOnly };
    }
    if (ephemeral)
      return { ...this.claimed(`${pod.metadata.name}-${volume.name}`), isReadOnly: false };
    const payload = this.checked(volume);
    if (payload) return this.showing(volume.name, payload);
    const type = emptyDir?.medium === "Memory" ? "tmpfs" : "ext4";
    const { fsGroup } = pod.spec.securityContext ?? {};
    const group = fsGroup === undefined ? { mode: 0o777 } : { mode: 0o2777, gid: fsGroup };
    const tree = new FileTree(
      () => directory([], group),
      type,
      () => this.world.clock.now(),
    );
    return { tree, isReadOnly: false };
  }

  private showing(name: string, payload: () => Payload): MountableVolume {
    const { fsGroup } = this.world.facts().pod.spec.securityContext ?? {};
    const shown = new AtomicVolume(
      payload,
      { fsGroup },
      () => this.world.clock.now(),
      () => this.watch(name),
    );
    this.shown.set(name, shown);
    return { tree: shown.tree, isReadOnly: true };
  }

  private watch(name: string): void {
    const { pod } = this.world.facts();
    const { namespace = "" } = pod.metadata;
    const volume = pod.spec.volumes?.find((each) => each.name === name);
    const changed = () => this.sourceChanged();
    for (const { configMap, secret } of sourcesOf(volume)) {
      if (configMap !== undefined)
        this.add(this.world.configs.listen("configmap", namespace, configMap, changed));
      if (secret !== undefined)
        this.add(this.world.configs.listen("secret", namespace, secret, changed));
    }
  }

  /** A claim's volume. @throws MissingSource */
  private claimed(name: string): Omit<MountableVolume, "isReadOnly"> {
    const namespace = this.world.facts().pod.metadata.namespace ?? "";
    const claim = this.object(ClaimKind, namespace, name);
    const volumeName = claim.spec.volumeName ?? "";
    const volume: PersistentVolume = this.object(PersistentVolumeKind, "", volumeName);
    const { store, node } = this.world;
    const path = volume.spec.hostPath?.path ?? volume.spec.local?.path;
    if (path === undefined) return { tree: store.persistent(volumeName) };
    const type = volume.spec.hostPath ? (volume.spec.hostPath.type ?? "") : "Directory";
    return hostVolume(store.machine(node), { path, type });
  }

  /** What the volume shows of the API, as it is now; undefined if it shows nothing of it. */
  private checked(volume: Volume): (() => Payload) | undefined {
    if (!volume.configMap && !volume.secret && !volume.downwardAPI && !volume.projected)
      return undefined;
    const sources = this.sources();
    // Read once to see whether it can be, without asking for tokens that nobody may ever look at.
    payloadOf(volume, { ...sources, token: () => this.checkAccount() });
    return () => payloadOf(volume, sources) ?? new Map();
  }

  private read(volume: Volume): (() => Payload) | undefined {
    try {
      return this.checked(volume);
    } catch (error) {
      if (error instanceof MissingSource) return undefined;
      throw error;
    }
  }

  /** The objects as they are now, however late somebody looks into the files. */
  private sources(): PayloadSources {
    const facts = this.world.facts();
    const namespace = facts.pod.metadata.namespace ?? "";
    const seen = new Map<string, KubeObject>();
    const get = <T extends KubeObject>(kind: Kind<T>, name: string): T => {
      const key = `${kind.singular} ${name}`;
      const object = (seen.get(key) as T | undefined) ?? this.object(kind, namespace, name);
      seen.set(key, object);
      return object;
    };
    return {
      configMap: (name) => get(ConfigMapKind, name),
      secret: (name) => get(SecretKind, name),
      token: (audience, expirationSeconds) => this.token(facts.pod, audience, expirationSeconds),
      facts,
    };
  }

  private object<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): T {
    try {
      return this.world.client.get(kind, { namespace, name });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isAbsent = error.reason === "NotFound";
      throw new MissingSource(
        isAbsent ? `${kind.singular} "${name}" not found` : error.message,
        isAbsent,
      );
    }
  }

  private checkAccount(): undefined {
    const { metadata, spec } = this.world.facts().pod;
    const name = spec.serviceAccountName ?? "default";
    try {
      this.object(ServiceAccountKind, metadata.namespace ?? "", name);
    } catch (error) {
      if (!(error instanceof MissingSource) || !error.isAbsent) return;
      throw new MissingSource(`failed to fetch token: serviceaccounts "${name}" not found`);
    }
  }

  private token(
    { metadata, spec }: Pod,
    audience: string | undefined,
    expirationSeconds = 3_600,
  ): string | undefined {
    const key = {
      namespace: metadata.namespace ?? "",
      name: spec.serviceAccountName ?? "default",
    };
    const { name, uid } = metadata;
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: audience === undefined || audience === "" ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    };
    try {
      const answer = this.world.client.createSubresource<
        KubeObject,
        { readonly status?: { readonly token?: string } }
      >(ServiceAccountKind as unknown as Kind<KubeObject>, key, "token", body);
      return answer.status?.token;
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}

/** The objects that a volume shows. */
function sourcesOf(volume: Volume | undefined) {
  const { configMap, secret, projected } = volume ?? {};
  return [
    { configMap: configMap?.name, secret: secret?.secretName },
    ...(projected?.sources ?? []).map((source) => ({
      configMap: source.configMap?.name,
      secret: source.secret?.name,
    })),
  ];
}

/** @throws MissingSource if something else is there than the type asks for */
function hostVolume(
  tree: FileTree,
  source: HostPathVolumeSource,
): Omit<MountableVolume, "isReadOnly"> {
  const found = hostPathNode(tree, source);
  if ("error" in found) throw new MissingSource(found.error);
  return { tree, node: found.node };
}
