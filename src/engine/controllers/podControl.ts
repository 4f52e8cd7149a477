// Creates and deletes a controller's Pods and says so in Events.
// Source: pkg/controller RealPodControl, 1.34.
import { Pod } from "../../api/kinds/pod/kind.ts";
import { controllerRef, type KubeObject, keyOf } from "../../api/object.ts";
import { ApiError } from "../../api/status.ts";
import type { Pod as PodObject, PodTemplateSpec } from "../../api/types.ts";
import { draft } from "../../base/draft.ts";
import type { ControllerContext } from "./controller.ts";

/**
 * @param generateName the beginning of the Pod's name; the owner's name if absent
 * @returns the refusal, if the server refused
 */
export function createPod(
  { client, events }: ControllerContext,
  owner: KubeObject,
  template: PodTemplateSpec,
  generateName = `${owner.metadata.name}-`,
): ApiError | undefined {
  try {
    const { metadata } = client.create(Pod, podFromTemplate(owner, template, generateName));
    events.record(owner, "Normal", "SuccessfulCreate", `Created pod: ${metadata.name}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!isNamespaceTerminating(error))
      events.record(owner, "Warning", "FailedCreate", `Error creating: ${error.message}`);
    return error;
  }
}

/** @returns the refusal, if the server refused; NotFound is one */
export function deletePod(
  { client, events }: ControllerContext,
  owner: KubeObject,
  pod: PodObject,
): ApiError | undefined {
  try {
    client.delete(Pod, keyOf(pod));
    events.record(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason !== "NotFound")
      events.record(owner, "Warning", "FailedDelete", `Error deleting: ${error.message}`);
    return error;
  }
}

/** True if the server refused because the namespace goes away. */
export function isNamespaceTerminating({ status }: ApiError): boolean {
  return status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false;
}

function podFromTemplate(
  owner: KubeObject,
  { metadata, spec }: PodTemplateSpec,
  generateName: string,
): PodObject {
  const { labels, annotations, finalizers } = metadata ?? {};
  return draft({
    apiVersion: Pod.apiVersion,
    kind: Pod.gvk.kind,
    metadata: {
      // The server makes the name out of the prefix.
      name: "",
      generateName,
      namespace: owner.metadata.namespace ?? "",
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerRef(owner)],
    },
    spec: spec ?? { containers: [] },
  });
}
