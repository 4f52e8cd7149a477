// A distribution's certificate authority for Services: its ConfigMap is projected beside the token of
// every Pod that has one. Source: openshift/kubernetes plugin/pkg/admission/serviceaccount.
import type { Pod } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { AdmissionPlugin } from "./admission.ts";

/** Runs after ServiceAccount, which makes the volume. */
export const serviceCa: AdmissionPlugin = {
  name: "ServiceCA",
  admit({ operation, kind, object, subresource }) {
    if (operation !== "CREATE" || kind.resource !== "pods" || subresource !== undefined) return;
    const { spec } = object as Draft<Pod>;
    const volume = spec.volumes?.find(({ name }) => name.startsWith("kube-api-access-"));
    volume?.projected?.sources?.push({
      configMap: {
        name: "openshift-service-ca.crt",
        items: [{ key: "service-ca.crt", path: "service-ca.crt" }],
      },
    });
  },
};
