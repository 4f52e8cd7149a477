// What is asked when help is wanted at the cursor, and what is known to answer it from.
import type { KindStructures } from "../kindStructures.ts";
import type { Mentions } from "../names/mentionIndex.ts";
import type { CursorPlace } from "./cursorPlace.ts";

export interface Taint {
  readonly key: string;
  readonly value?: string;
}

/** What exists where the editor can see: in the cluster, in the workspace. */
export interface KnownNames {
  readonly structures: KindStructures;
  readonly names: Mentions;
  /** With tags, the best first. */
  readonly images: readonly string[];
  readonly taints: readonly Taint[];
}

export interface Question {
  readonly text: string;
  readonly place: CursorPlace;
  readonly known: KnownNames;
}

/** The struct and field that hold the list or map which the cursor is in. */
export interface Owner {
  readonly definition: string;
  readonly field: string;
}
