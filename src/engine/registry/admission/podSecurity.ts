// PodSecurity: Pods keep to the standard that their namespace's labels name; workloads are warned.
// Source: pod-security-admission admission/admission.go, 1.34.
import { Namespace } from "../../../api/kinds/namespace.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { CheckedPod } from "../../../api/podSecurity/check.ts";
import { evaluatePod, violationsText } from "../../../api/podSecurity/evaluate.ts";
import {
  isSame,
  isStricter,
  type LevelVersion,
  levelVersionText,
  type PodSecurityPolicy,
  policyOf,
} from "../../../api/podSecurity/policy.ts";
import { internalError, invalidError } from "../../../api/status.ts";
import type {
  CronJob,
  Namespace as NamespaceObject,
  Pod as PodObject,
  PodTemplate,
} from "../../../api/types.ts";
import {
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionRequest,
  admissionError,
} from "./admission.ts";

export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  validate(request, context) {
    const { operation, kind } = request;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    if (kind.resource === Namespace.resource) checkNamespace(request, context);
    else if (kind.resource === Pod.resource) checkPod(request, context);
    else if (kind.resource in templates) checkWorkload(request, context);
  },
};

/** How many Pods of a namespace are looked at when its level rises. defaultNamespaceMaxPodsToCheck */
const maxPods = 3_000;

const ignoredSubresources: ReadonlySet<string> = new Set([
  "attach",
  "binding",
  "eviction",
  "exec",
  "log",
  "portforward",
  "proxy",
  "status",
]);

const ofSpec = (object: KubeObject): CheckedPod | undefined =>
  (object as unknown as { readonly spec: { readonly template?: CheckedPod } }).spec.template;

/** Where workloads keep what their Pods are made from. */
const templates: Readonly<Record<string, (object: KubeObject) => CheckedPod | undefined>> = {
  podtemplates: (object) => (object as PodTemplate).template as CheckedPod | undefined,
  replicationcontrollers: ofSpec,
  "replicasets.apps": ofSpec,
  "deployments.apps": ofSpec,
  "statefulsets.apps": ofSpec,
  "daemonsets.apps": ofSpec,
  "jobs.batch": ofSpec,
  "cronjobs.batch": (object) =>
    (object as CronJob).spec.jobTemplate.spec?.template as CheckedPod | undefined,
};

function checkNamespace(request: AdmissionRequest, context: AdmissionContext): void {
  const { object, old, subresource, kind, warnings } = request;
  if (subresource !== undefined || !object) return;
  const { name, labels } = object.metadata;
  const next = policyOf(labels);
  const before = old && policyOf(old.metadata.labels);
  const isNew = before === undefined || textOf(next.errors) !== textOf(before.errors);
  if (next.errors.length > 0 && isNew)
    throw invalidError({ group: "", kind: kind.gvk.kind, name }, next.errors);
  if (!before || !tightens(next.policy.enforce, before.policy.enforce)) return;
  warnings.push(...violationsIn(name, next.policy.enforce, context.list(Pod, name)));
}

function textOf(errors: readonly { readonly path: object; readonly detail: string }[]): string {
  return errors.map(({ path, detail }) => `${path}: ${detail}`).join("\n");
}

function tightens(next: LevelVersion, before: LevelVersion): boolean {
  if (isSame(next, before) || next.level === "privileged") return false;
  return next.version !== before.version || isStricter(next, before);
}

/** What to say of the Pods that are there already. */
function violationsIn(
  namespace: string,
  enforce: LevelVersion,
  pods: readonly PodObject[],
): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of pods.slice(0, maxPods)) {
    const violations = evaluatePod(enforce, pod);
    if (violations.length === 0) continue;
    const reason = violations.map((violation) => violation.reason).join(", ");
    byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
  }
  const warnings: string[] = [];
  if (pods.length > maxPods)
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${maxPods} of ${pods.length} existing pods`,
    );
  if (byReason.size > 0)
    warnings.push(
      `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelVersionText(enforce))}`,
    );
  const lines = [...byReason].map(([reason, names]) => `${namesText(names)}: ${reason}`);
  return [...warnings, ...lines.sort()];
}

function namesText(names: readonly string[]): string {
  const [first = ""] = [...names].sort();
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}

function checkPod(request: AdmissionRequest, context: AdmissionContext): void {
  const { subresource, old } = request;
  if (subresource !== undefined && ignoredSubresources.has(subresource)) return;
  const pod = request.object as unknown as PodObject;
  if (old && !isSignificant(pod, old as PodObject)) return;
  const { enforce, warn } = policyFor(request, context);
  const violations = evaluatePod(enforce, pod);
  if (violations.length > 0)
    throw admissionError(
      request,
      `violates PodSecurity ${JSON.stringify(levelVersionText(enforce))}: ${violationsText(violations)}`,
    );
  if (!isSame(enforce, warn)) addWarning(request, warn, pod);
}

/** Workloads are not refused: it is their Pods that count. */
function checkWorkload(request: AdmissionRequest, context: AdmissionContext): void {
  const { subresource, kind, object } = request;
  if (subresource !== undefined) return;
  const template = templates[kind.resource]?.(object as KubeObject);
  if (template) addWarning(request, policyFor(request, context).warn, template);
}

function addWarning(request: AdmissionRequest, warn: LevelVersion, pod: CheckedPod): void {
  const violations = evaluatePod(warn, pod);
  if (violations.length === 0) return;
  request.warnings.push(
    `would violate PodSecurity ${JSON.stringify(levelVersionText(warn))}: ${violationsText(violations)}`,
  );
}

function policyFor({ key }: AdmissionRequest, { find }: AdmissionContext): PodSecurityPolicy {
  const namespace = find<NamespaceObject>(Namespace, { namespace: "", name: key.namespace });
  if (!namespace) throw internalError(`failed to lookup namespace ${key.namespace}`);
  return policyOf(namespace.metadata.labels).policy;
}

/** Most changes of a Pod have nothing to do with its security. */
function isSignificant(pod: PodObject, old: PodObject): boolean {
  const podKey = "seccomp.security.alpha.kubernetes.io/pod";
  const annotation = ({ metadata }: PodObject, key: string) => metadata.annotations?.[key];
  if (annotation(pod, podKey) !== annotation(old, podKey)) return true;
  const differs = (
    { name, image }: { readonly name: string; readonly image?: string },
    before: { readonly image?: string } | undefined,
  ): boolean => {
    const key = `container.seccomp.security.alpha.kubernetes.io/${name}`;
    return !before || image !== before.image || annotation(pod, key) !== annotation(old, key);
  };
  for (const list of ["containers", "initContainers"] as const) {
    const [now = [], before = []] = [pod.spec[list], old.spec[list]];
    if (now.length !== before.length || now.some((each, i) => differs(each, before[i])))
      return true;
  }
  const known = old.spec.ephemeralContainers ?? [];
  return (pod.spec.ephemeralContainers ?? []).some((each) =>
    differs(
      each,
      known.find(({ name }) => name === each.name),
    ),
  );
}
