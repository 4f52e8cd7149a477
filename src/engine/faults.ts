// Carries out what one may break, and mends it again.
import {
  type ControlPlaneComponent,
  type Fault,
  faultKey,
  type NodeService,
} from "../api/fault.ts";
import { unreachable } from "../base/assert.ts";
import type { Trace } from "./trace.ts";

/** What faults act upon. */
export interface Breakable {
  /** @throws Error if there is no such machine */
  setPower(node: string, on: boolean): void;
  setRunning(component: ControlPlaneComponent, running: boolean): void;
  /** @throws Error if there is no such controller */
  setControllerRunning(controller: string, running: boolean): void;
  /** @throws Error if there is no such machine */
  setServiceRunning(node: string, service: NodeService, running: boolean): void;
  /** @throws Error if there is no such member of etcd */
  setMemberRunning(member: string, running: boolean): void;
  setMemberCutOff(member: string, cutOff: boolean): void;
}

export class Faults {
  private readonly present = new Map<string, Fault>();

  constructor(
    private readonly target: Breakable,
    private readonly trace: Trace,
  ) {}

  list(): readonly Fault[] {
    return [...this.present.values()];
  }

  has(fault: Fault): boolean {
    return this.present.has(faultKey(fault));
  }

  /** What was broken before the engine began: nothing happens, and nothing is recorded. */
  restore(faults: readonly Fault[]): void {
    for (const fault of faults) this.present.set(faultKey(fault), fault);
  }

  /** Nothing happens if the fault is there already. */
  inject(fault: Fault): void {
    if (this.present.has(faultKey(fault))) return;
    this.carryOut(fault, false);
    this.present.set(faultKey(fault), fault);
  }

  /** Nothing happens if the fault is not there. */
  heal(fault: Fault): void {
    if (!this.present.delete(faultKey(fault))) return;
    this.carryOut(fault, true);
  }

  /** What was broken is gone. */
  forget(fault: Fault): void {
    this.present.delete(faultKey(fault));
  }

  private carryOut(fault: Fault, healed: boolean): void {
    const id = this.trace.emit({ type: "fault", fault, healed });
    this.trace.because(id, () => {
      if (fault.type === "powerOff") this.target.setPower(fault.node, healed);
      else if (fault.type === "stopComponent") this.target.setRunning(fault.component, healed);
      else if (fault.type === "stopController")
        this.target.setControllerRunning(fault.controller, healed);
      else if (fault.type === "stopNodeService")
        this.target.setServiceRunning(fault.node, fault.service, healed);
      else if (fault.type === "stopEtcdMember") this.target.setMemberRunning(fault.member, healed);
      else if (fault.type === "cutOffEtcdMember")
        this.target.setMemberCutOff(fault.member, !healed);
      else unreachable(fault);
    });
  }
}
