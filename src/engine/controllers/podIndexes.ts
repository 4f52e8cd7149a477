// How controllers look Pods up. Source: pkg/controller AddPodNodeNameIndexer and
// AddPodControllerIndexer, 1.34.
import { controllerOf } from "../../api/object.ts";
import type { Pod } from "../../api/types.ts";
import type { Lister, ObjectIndex } from "../localInformer.ts";

const byNode: ObjectIndex<Pod> = {
  name: "node",
  values: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []),
};

/** By the controller's uid; Pods without one by their namespace. */
const byController: ObjectIndex<Pod> = {
  name: "controller",
  values: (pod) => [controllerOf(pod)?.uid ?? orphansOf(pod.metadata.namespace ?? "")],
};

export function podsOnNode(pods: Lister<Pod>, node: string): readonly Pod[] {
  return pods.by(byNode, node);
}

/** The Pods that the object of that uid manages. */
export function podsOfController(pods: Lister<Pod>, uid: string): readonly Pod[] {
  return pods.by(byController, uid);
}

/** The Pods of a namespace that nobody manages. */
export function orphanPods(pods: Lister<Pod>, namespace: string): readonly Pod[] {
  return pods.by(byController, orphansOf(namespace));
}

function orphansOf(namespace: string): string {
  return `orphans of ${namespace}`;
}
