// The machines of the cluster, each with its kubelet.
import type { Random } from "../base/random.ts";
import type { VirtualClock } from "./clock.ts";
import type { LocalClient } from "./localClient.ts";
import type { ListerWatcher } from "./localInformer.ts";
import type { MachineSpec } from "./node/machine.ts";
import type { Trace } from "./trace.ts";

export interface MachinesWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly source: ListerWatcher;
  clientFor(user: string): LocalClient;
}

export class Machines {
  constructor(_world: MachinesWorld) {}

  start(_specs: readonly MachineSpec[]): void {}

  setPower(_node: string, _on: boolean): void {}
}
