// A machine's folder of manifests that its kubelet runs by itself: /etc/kubernetes/manifests.
// Source: KubeletConfiguration staticPodPath, 1.34.

import type { Pod } from "../../../api/types.ts";
import { freeze } from "../../../base/draft.ts";
import { Emitter, type Event } from "../../../base/emitter.ts";

export const manifestPath = "/etc/kubernetes/manifests";

export class ManifestFolder {
  private readonly files = new Map<string, Pod>();
  private readonly changed = new Emitter<void>();
  /** Fires after a file was put there, replaced or removed. */
  readonly onChange: Event<void> = this.changed.event;

  /** File names and what is in them, in the order in which they came. */
  get entries(): Iterable<readonly [file: string, manifest: Pod]> {
    return this.files;
  }

  /** @param file e.g. "kube-scheduler.yaml" */
  put(file: string, manifest: Pod): void {
    this.files.set(file, freeze(manifest));
    this.changed.fire();
  }

  /** Nothing happens if there is no such file. */
  remove(file: string): void {
    if (this.files.delete(file)) this.changed.fire();
  }
}
