// Which labels a kubelet may give its own Node. Of Kubernetes' own, only those listed here; others
// mark nodes for Pods that trust the administrator's word.
// Source: kubelet/pkg/apis/well_known_labels.go; plugin/pkg/admission/noderestriction, 1.34.

const permitted = new Set([
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
]);
const permittedDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const restrictedDomain = "node-restriction.kubernetes.io";
const ownDomains = ["kubernetes.io", "k8s.io"];

/** Whether a kubelet may set the label on its own Node. */
export function isKubeletLabel(key: string): boolean {
  const slash = key.indexOf("/");
  const domain = slash < 0 ? "" : key.slice(0, slash);
  if (isWithin(domain, restrictedDomain)) return false;
  if (!ownDomains.some((own) => isWithin(domain, own))) return true;
  return permitted.has(key) || permittedDomains.some((allowed) => isWithin(domain, allowed));
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
