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
import { catalogImage } from "./imageCatalog.ts";
import { parseImageName } from "./imageName.ts";
import { programFor } from "./imagePrograms.ts";
import type { StoredImage } from "./imageStore.ts";
import type { Program } from "./program.ts";

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
  program(container: Container, context: ProgramContext): Program;
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

/** What a program may depend on beside its container. */
export interface ProgramContext {
  readonly pod: Pod;
  /** What the container's environment resolves to. */
  readonly env: Readonly<Record<string, string>>;
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
  program(container, { env }) {
    const name = parseImageName(container.image ?? "");
    const image = "error" in name ? undefined : catalogImage(name.repository);
    return programFor({ ...(image ? { image } : {}), container, env });
  },
};
