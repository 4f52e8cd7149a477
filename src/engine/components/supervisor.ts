// Who watches over the components of the control plane: has them run or not, and starts them again.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { Component } from "./component.ts";

export type Components = Readonly<Record<ComponentName, Component>>;

export interface Supervisor {
  /** How a component is when the engine begins: in a cluster that was set up before, it runs already. */
  begin(name: ComponentName, isWanted: boolean): void;
  setWanted(name: ComponentName, isWanted: boolean): void;
}
