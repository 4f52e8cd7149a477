// A profile: which plugins run at which extension point, in which order, with which weights.
import type { ExtensionPoint } from "./config/configuration.ts";
import type { Plugin } from "./framework.ts";

export interface ProfilePlugin {
  readonly plugin: Plugin;
  /** How much its score counts, if it scores. */
  readonly weight: number;
}

export interface Profile {
  readonly schedulerName: string;
  /** How many of the nodes to find before scoring; 0 adapts it to the size of the cluster. */
  readonly percentageOfNodesToScore: number;
  readonly points: Readonly<Record<ExtensionPoint, readonly ProfilePlugin[]>>;
}
