// What the parts of one kubelet share: the machine's runtime, its network, and the way to the API.
import type { ContainerStep } from "../../api/traceEvent.ts";
import type { Pod, Service } from "../../api/types.ts";
import type { Random } from "../../base/random.ts";
import type { Instant } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { EventRecorder } from "../eventRecorder.ts";
import type { LocalClient } from "../localClient.ts";
import type { Lister } from "../localInformer.ts";
import type { PodNetwork } from "../network/podNetwork.ts";
import type { NetworkFiles, ProcessNetwork } from "../network/processNetwork.ts";
import type { Backoff } from "./backoff.ts";
import type { ContainerRuntime } from "./containerRuntime.ts";
import type { PodFacts } from "./downwardApi.ts";
import type { ImageStore } from "./imageStore.ts";
import type { DnsSettings } from "./managedFiles.ts";
import type { RuntimeProfile } from "./runtimeProfile.ts";
import type { PodVolumes } from "./volumes/podVolumes.ts";

export interface NodeServices {
  readonly clock: Clock;
  readonly client: LocalClient;
  readonly events: Pick<EventRecorder, "record">;
  readonly profile: RuntimeProfile;
  readonly random: Random;
  readonly runtime: ContainerRuntime;
  readonly images: ImageStore;
  /** The addresses of the machine's Pods. */
  readonly network: PodNetwork;
  /** What joins all Pods and machines. */
  readonly cluster: {
    /**
     * The network of one container's processes; disposed when they are gone.
     * @param options without `podUid` that of the machine itself, as with host networking
     */
    forProcesses(options: {
      readonly podUid?: string;
      readonly files: NetworkFiles;
    }): ProcessNetwork;
  };
  readonly serviceLister: Lister<Service>;
  readonly nodeName: string;
  readonly nodeAddress: string;
  readonly dns: DnsSettings;
  /** Restarts of containers, by Pod UID and container. */
  readonly restartBackoff: Backoff;
  /** Pulls of images, by Pod UID and image. */
  readonly pullBackoff: Backoff;
  factsOf(pod: Pod): PodFacts;
  /** The Pod's volumes, the same as long as it is on this node. */
  volumesOf(pod: Pod): PodVolumes;
  /** Tells the timeline of a step; what the running task does next is its consequence. */
  observe(pod: Pod, step: ContainerStep, message: string, container?: string): void;
  /** When the kubelet next looks at the runtime, after `instant`. */
  relistAfter(instant: Instant): Instant;
}
