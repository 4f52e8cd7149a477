// What is wrong with one machine beside its power: its kubelet asks, and meets it.
import { faultKey, type MachineFault, type PressedResource } from "../../api/fault.ts";
import type { Millis } from "../../base/time.ts";

export class Troubles {
  private readonly present = new Map<string, MachineFault>();

  set(fault: MachineFault, isPresent: boolean): void {
    if (isPresent) this.present.set(faultKey(fault), fault);
    else this.present.delete(faultKey(fault));
  }

  /** Neither kube-apiserver nor other machines are heard. */
  get isCutOff(): boolean {
    return this.find("cutOffNode") !== undefined;
  }

  /** Of the kubelet's reports. */
  get lostPercent(): number {
    return this.find("loseHeartbeats")?.percent ?? 0;
  }

  /** How much later the kubelet's reports arrive. */
  get reportDelayMs(): Millis {
    return this.find("delayHeartbeats")?.byMs ?? 0;
  }

  /** How far the machine's clock is ahead. */
  get skewMs(): Millis {
    return this.find("skewClock")?.byMs ?? 0;
  }

  /** True while something beside the Pods takes all that is left of it. */
  isPressed(resource: PressedResource): boolean {
    return [...this.present.values()].some(
      (fault) => fault.type === "pressure" && fault.resource === resource,
    );
  }

  private find<Type extends MachineFault["type"]>(type: Type) {
    for (const fault of this.present.values())
      if (fault.type === type) return fault as Extract<MachineFault, { readonly type: Type }>;
    return undefined;
  }
}
