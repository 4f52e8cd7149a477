// Carries out what one may break, and mends it again.
import { dequal } from "dequal";
import {
  type ControlPlaneComponent,
  type Fault,
  faultKey,
  type MachineFault,
  type NodeService,
} from "../api/fault.ts";
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
  /** @throws Error if there is no such machine */
  setMachineFault(fault: MachineFault, present: boolean): void;
  setRegistriesRunning(running: boolean): void;
  /** @throws Error if no such container runs */
  killContainer(fault: Extract<Fault, { readonly type: "killContainer" }>): void;
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

  /** Nothing happens if the fault is there already, as strong as it is now. */
  inject(fault: Fault): void {
    const key = faultKey(fault);
    if (dequal(this.present.get(key), fault)) return;
    this.carryOut(fault, false);
    if (fault.type !== "killContainer") this.present.set(key, fault);
  }

  /** Nothing happens if the fault is not there. */
  heal(fault: Fault): void {
    const present = this.present.get(faultKey(fault));
    if (!present) return;
    this.forget(present);
    this.carryOut(present, true);
  }

  /** What was broken is gone. */
  forget(fault: Fault): void {
    this.present.delete(faultKey(fault));
  }

  private carryOut(fault: Fault, healed: boolean): void {
    const id = this.trace.emit({ type: "fault", fault, healed });
    this.trace.because(id, () => this.act(fault, healed));
  }

  private act(fault: Fault, healed: boolean): void {
    const { target } = this;
    switch (fault.type) {
      case "powerOff":
        target.setPower(fault.node, healed);
        break;
      case "stopComponent":
        target.setRunning(fault.component, healed);
        break;
      case "stopController":
        target.setControllerRunning(fault.controller, healed);
        break;
      case "stopNodeService":
        target.setServiceRunning(fault.node, fault.service, healed);
        break;
      case "stopEtcdMember":
        target.setMemberRunning(fault.member, healed);
        break;
      case "cutOffEtcdMember":
        target.setMemberCutOff(fault.member, !healed);
        break;
      case "stopRegistries":
        target.setRegistriesRunning(healed);
        break;
      case "killContainer":
        target.killContainer(fault);
        break;
      default:
        target.setMachineFault(fault, !healed);
        break;
    }
  }
}
