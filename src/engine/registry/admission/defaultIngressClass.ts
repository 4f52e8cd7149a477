// DefaultIngressClass: an Ingress that names no class gets the default one.
// Source: plugin/pkg/admission/network/defaultingressclass, 1.34.
import { Ingress } from "../../../api/kinds/ingress.ts";
import { IngressClass } from "../../../api/kinds/ingressClass.ts";
import type { Ingress as IngressObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";
import { newestDefault } from "./newestDefault.ts";

/** How an Ingress named its class before there was a field. */
const annotation = "kubernetes.io/ingress.class";

export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  admit(request, { list }) {
    if (!isWriteOf(Ingress, request, "CREATE")) return;
    const ingress = request.object as Draft<IngressObject>;
    if (ingress.spec?.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.[annotation] !== undefined) return;
    const found = newestDefault(list(IngressClass), "ingressclass.kubernetes.io/is-default-class");
    if (found) ingress.spec = { ...ingress.spec, ingressClassName: found.metadata.name };
  },
};
