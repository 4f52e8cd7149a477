// How kube-apiserver ranks API groups and their versions: what clients list first, and prefer.
// Source: pkg/controlplane/apiserver/aggregator.go and apiextensions' crd_finalizer, 1.34.

export interface GroupPriority {
  /** Higher comes first; groups of the same priority come by name. */
  readonly groupPriorityMinimum: number;
  /** Higher is preferred within the group; versions of the same priority by `compareVersions`. */
  readonly versionPriority: number;
}

const groupPriorities: Readonly<Record<string, number>> = {
  "apiregistration.k8s.io": 20_000,
  "": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "admissionregistration.k8s.io": 16_700,
  "apiextensions.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "resource.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "metrics.k8s.io": 100,
};

const customResources: GroupPriority = { groupPriorityMinimum: 1_000, versionPriority: 100 };

export function priorityOf(group: string, version: string): GroupPriority {
  const groupPriorityMinimum = groupPriorities[group];
  if (groupPriorityMinimum === undefined) return customResources;
  return { groupPriorityMinimum, versionPriority: versionPriority(group, version) };
}

function versionPriority(group: string, version: string): number {
  if (group === "") return 1;
  if (group === "metrics.k8s.io") return 100;
  if (group === "flowcontrol.apiserver.k8s.io") return 21;
  return group === "autoscaling" && version === "v2" ? 30 : 15;
}

/** Orders groups as discovery lists them. */
export function compareGroups(a: string, b: string): number {
  const higher =
    priorityOf(b, "v1").groupPriorityMinimum - priorityOf(a, "v1").groupPriorityMinimum;
  return higher || (a < b ? -1 : Number(a > b));
}

/** Orders the versions of a group, the preferred one first. */
export function compareVersionsOf(group: string): (a: string, b: string) => number {
  return (a, b) =>
    priorityOf(group, b).versionPriority - priorityOf(group, a).versionPriority ||
    compareVersions(a, b);
}

/**
 * Orders version names: v10, v2, v1, v2beta1, v1beta2, v1alpha1, then other names by the alphabet.
 * Source: apimachinery pkg/version/helpers.go CompareKubeAwareVersionStrings, the highest first.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : Number(a > b);
  for (const [i, part] of left.entries()) {
    const difference = (right[i] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

const stages = ["alpha", "beta"];

/** Stability, major and minor number; undefined for a name that is no version. */
function parseVersion(text: string): readonly number[] | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(text);
  if (!match) return undefined;
  const [, major, stage, minor = 0] = match;
  return [
    stage === undefined ? stages.length : stages.indexOf(stage),
    Number(major),
    Number(minor),
  ];
}
