// Events are gone an hour after their last change: kube-apiserver gives their keys an etcd lease.
import { Event } from "../../api/kinds/event.ts";
import type { VirtualClock } from "../clock.ts";
import { eventTtlMs } from "../limits.ts";
import type { Store } from "../store/store.ts";
import { storagePrefix } from "./storageKeys.ts";

/** Lets every event, kept or yet to come, expire. Source: kube-apiserver --event-ttl, 1.34. */
export function expireEvents(store: Store, clock: VirtualClock): void {
  const prefix = storagePrefix(Event);
  const expireLater = (key: string, revision: number): void => {
    clock.after(eventTtlMs, "expire an event", () => {
      if (store.get(key)?.modRevision === revision) store.delete(key);
    });
  };
  for (const { key, modRevision } of store.range(prefix).entries) expireLater(key, modRevision);
  store.watch(prefix, store.revision, ({ type, key, revision }) => {
    if (type === "put") expireLater(key, revision);
  });
}
