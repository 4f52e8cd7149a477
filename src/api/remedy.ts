// What would help a Pod that fits nowhere, as data: changes of the Pod, of a node, or of what runs there.
import type { Taint } from "./types.ts";

export type RemedyChange =
  /** Amounts as in `ResourceNeed`: millicores, bytes, units. */
  | {
      readonly type: "lowerRequest";
      readonly container: string;
      readonly resource: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: "addToleration"; readonly taint: Taint }
  | { readonly type: "removeNodeSelector"; readonly key: string; readonly value: string }
  | { readonly type: "removeNodeAffinity" }
  | { readonly type: "removePodAffinity" }
  | { readonly type: "removePodAntiAffinity" }
  /** To `whenUnsatisfiable: ScheduleAnyway`. */
  | { readonly type: "relaxTopologySpread"; readonly topologyKey: string }
  | { readonly type: "removeHostPort"; readonly port: number; readonly protocol: string }
  | { readonly type: "removeNodeName"; readonly nodeName: string }
  | {
      readonly type: "labelNode";
      readonly node: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly type: "uncordonNode"; readonly node: string }
  | { readonly type: "removeTaint"; readonly node: string; readonly taint: Taint }
  | {
      readonly type: "growNode";
      readonly node: string;
      readonly resource: string;
      readonly from: number;
      readonly to: number;
    }
  /** "namespace/name" each. */
  | { readonly type: "removePods"; readonly node: string; readonly pods: readonly string[] };

/** Changes that together make the Pod fit, proven by running the scheduler on them. */
export interface Remedy {
  readonly changes: readonly RemedyChange[];
  /** Where the Pod fits then. */
  readonly node: string;
}
