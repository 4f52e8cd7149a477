// The kubelet of the control plane's machine watches over the components: what runs is what has a manifest
// in its folder. Source: kubeadm, cmd/kubeadm/app/phases/controlplane, 1.34.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { ManifestFolder } from "../node/static/manifestFolder.ts";
import { componentManifest } from "./componentManifest.ts";
import type { Components, Supervisor } from "./supervisor.ts";

export interface StaticPodManagerWorld {
  readonly components: Components;
  readonly folder: ManifestFolder;
  /** The machine's name. */
  readonly node: string;
  /** Whether the machine has power. */
  isOn(): boolean;
}

export class StaticPodManager implements Supervisor {
  constructor(private readonly world: StaticPodManagerWorld) {}

  begin(name: ComponentName, isWanted: boolean): void {
    this.setWanted(name, isWanted);
    // The container that the kubelet finds or makes in a moment takes the process over.
    if (isWanted && this.world.isOn()) this.world.components[name].start(() => undefined);
  }

  setWanted(name: ComponentName, isWanted: boolean): void {
    const { folder, node } = this.world;
    const file = `${name}.yaml`;
    if (isWanted) folder.put(file, componentManifest(name, node));
    else folder.remove(file);
  }
}
