// Tells who shows a ConfigMap or Secret when it is another: one informer of each kind for all kubelets.
// Source: pkg/kubelet/util/manager/watch_based_manager.go, kubernetes v1.34.
import type { ConfigMap, Secret } from "../../../api/types.ts";
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Lister } from "../../localInformer.ts";

type ConfigKind = "configmap" | "secret";

export class ConfigWatch {
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(configMaps: Lister<ConfigMap>, secrets: Lister<Secret>) {
    configMaps.onChange(({ old, now }) => this.changed("configmap", now ?? old));
    secrets.onChange(({ old, now }) => this.changed("secret", now ?? old));
  }

  /** Calls `listener` for each change, until it is disposed. */
  listen(kind: ConfigKind, namespace: string, name: string, listener: () => void): Disposable {
    const key = `${kind} ${namespace}/${name}`;
    const known = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, known.add(listener));
    return disposable(() => {
      known.delete(listener);
      if (known.size === 0) this.listeners.delete(key);
    });
  }

  private changed(kind: ConfigKind, object: ConfigMap | Secret | undefined): void {
    const { namespace = "", name = "" } = object?.metadata ?? {};
    for (const listener of this.listeners.get(`${kind} ${namespace}/${name}`) ?? []) listener();
  }
}
