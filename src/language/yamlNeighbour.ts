// What is left to Red Hat's YAML extension where it is installed too, so that nothing is shown twice.
import type { Stage } from "./problem.ts";

/** What the other extension does for YAML. */
export interface YamlNeighbour {
  readonly validates: boolean;
  readonly knowsKubernetes: boolean;
}

/** "auto" leaves to the neighbour what it does itself. */
export type Assist = "auto" | "on" | "off";

/** True if completion and hovers are ours. @param neighbour undefined if there is none for the language */
export function completes(assist: Assist, neighbour: YamlNeighbour | undefined): boolean {
  return assist === "auto" ? !neighbour?.knowsKubernetes : assist === "on";
}

/** True if the outline and folding are ours. */
export function outlines(assist: Assist, neighbour: YamlNeighbour | undefined): boolean {
  return assist === "auto" ? neighbour === undefined : assist === "on";
}

/** True if problems of the stage are ours to show. Only the server's own rules are known to nobody else. */
export function shows(stage: Stage, assist: Assist, neighbour: YamlNeighbour | undefined): boolean {
  if (assist === "on" || !neighbour?.validates) return true;
  if (stage === "yaml") return false;
  return !(neighbour.knowsKubernetes && (stage === "strict" || stage === "decode"));
}
