// Ingress: which requests from outside go to which Service.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Ingress as IngressObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  ingressClassAnnotation,
  validateIngress,
  validateIngressStatusUpdate,
  validateIngressUpdate,
} from "./ingress/validation.ts";

export const Ingress = defineKind<IngressObject>({
  gvk: gvk("networking.k8s.io", "v1", "Ingress"),
  plural: "ingresses",
  shortNames: ["ing"],
  namespaced: true,
  subresources: ["status"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Class", "string", ({ spec }) => spec.ingressClassName ?? "<none>", {
      description:
        "The name of the IngressClass resource that should be used for additional configuration",
    }),
    column("Hosts", "string", hostsText, {
      description: "Hosts that incoming requests are matched against before the ingress rule",
    }),
    column("Address", "string", addressText, {
      description: "Address is a list containing ingress points for the load-balancer",
    }),
    column("Ports", "string", ({ spec }) => ((spec.tls ?? []).length > 0 ? "80, 443" : "80"), {
      description: "Ports of TLS configurations that open",
    }),
    ageColumn,
  ],
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
  validateStatusUpdate: validateIngressStatusUpdate,
  warningsOnCreate: ({ metadata, spec }) =>
    metadata.annotations?.[ingressClassAnnotation] !== undefined &&
    spec.ingressClassName === undefined
      ? [
          `annotation ${JSON.stringify(ingressClassAnnotation)} is deprecated, please use 'spec.ingressClassName' instead`,
        ]
      : [],
});

const maxHosts = 3;

/** Rules count as more only once enough hosts are shown. Source: formatHosts. */
function hostsText({ spec: { rules = [] } }: IngressObject): string {
  const shown: string[] = [];
  let hasMore = false;
  for (const { host } of rules) {
    hasMore = shown.length === maxHosts;
    if (host && !hasMore) shown.push(host);
  }
  if (shown.length === 0) return "*";
  const text = shown.join(",");
  return hasMore ? `${text} + ${rules.length - maxHosts} more...` : text;
}

function addressText({ status }: IngressObject): string {
  const points = status?.loadBalancer?.ingress ?? [];
  const texts = points
    .map(({ ip, hostname }) => ip || hostname || "")
    .filter((text) => text !== "");
  return [...new Set(texts)].sort().join(",");
}
