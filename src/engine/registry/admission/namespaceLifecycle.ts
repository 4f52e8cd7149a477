// NamespaceLifecycle: nothing is made in a namespace that is missing or going away.
// Source: apiserver pkg/admission/plugin/namespace/lifecycle, 1.34.
import { Namespace } from "../../../api/kinds/namespace.ts";
import { ApiError, notFoundError } from "../../../api/status.ts";
import { type AdmissionPlugin, admissionError } from "./admission.ts";

const immortal = new Set(["default", "kube-system", "kube-public"]);

export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  admit(request, { find }) {
    const { operation, kind, key } = request;
    if (operation === "DELETE" && kind.resource === "namespaces" && immortal.has(key.name))
      throw admissionError(request, "this namespace may not be deleted");
    if (operation !== "CREATE" || !kind.namespaced) return;
    const namespace = find(Namespace, { namespace: "", name: key.namespace });
    if (!namespace) throw notFoundError({ group: "", kind: "namespaces", name: key.namespace });
    if (namespace.metadata.deletionTimestamp === undefined) return;
    const refusal = admissionError(
      request,
      `unable to create new content in namespace ${key.namespace} because it is being terminated`,
    );
    const cause = {
      reason: "NamespaceTerminating",
      message: `namespace ${key.namespace} is being terminated`,
      field: "metadata.namespace",
    };
    const { status } = refusal;
    throw new ApiError({ ...status, details: { ...status.details, causes: [cause] } });
  },
};
