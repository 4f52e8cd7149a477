// How machines behave beneath the API: how long things take, what containers run, who is told of it.
import type { Container, Pod } from "../../api/types.ts";
import type { Millis } from "../../base/time.ts";
import {
  containerCreateMs,
  containerStartMs,
  plegRelistMs,
  sandboxCreateMs,
  sandboxStopMs,
  volumeSetupMs,
  volumeTeardownMs,
} from "../limits.ts";
import type { ImageConfig } from "./imageConfig.ts";
import type { StoredImage } from "./imageStore.ts";
import { imageConfigOf } from "./images/imageConfigs.ts";

export interface RuntimeProfile {
  readonly delays: RuntimeDelays;
  /** Whether a Node that somebody makes gets a machine. */
  readonly runsAppliedNodes: boolean;
  /** Whether the kubelet records events. */
  readonly recordsEvents: boolean;
  /** The Pod as the kubelet takes it. */
  seen(pod: Pod): Pod;
  /** An image that needs no registry; undefined where images are pulled. */
  givenImage(container: Container): StoredImage | undefined;
  /** What the container's image holds. */
  image(container: Container, pod: Pod): ImageConfig;
}

export interface RuntimeDelays {
  readonly volumeSetupMs: Millis;
  readonly volumeTeardownMs: Millis;
  readonly sandboxCreateMs: Millis;
  readonly sandboxStopMs: Millis;
  readonly containerCreateMs: Millis;
  readonly containerStartMs: Millis;
  /** How often the runtime is asked for changes. */
  readonly relistMs: Millis;
}

/** Everything in full: images are pulled and run as what they are known for. */
export const fullRuntime: RuntimeProfile = {
  delays: {
    volumeSetupMs,
    volumeTeardownMs,
    sandboxCreateMs,
    sandboxStopMs,
    containerCreateMs,
    containerStartMs,
    relistMs: plegRelistMs,
  },
  runsAppliedNodes: true,
  recordsEvents: true,
  seen: (pod) => pod,
  givenImage: () => undefined,
  image: (container) => imageConfigOf(container),
};
