// SELinux keeps containers apart: types other than theirs, users and roles are not chosen.
import type { SELinuxOptions } from "../../types.ts";
import {
  allContainers,
  badContainers,
  type CheckPod,
  distinct,
  named,
  type PodSecurityCheck,
  setters,
} from "../check.ts";

const types = ["", "container_t", "container_init_t", "container_kvm_t"];

export const seLinuxOptions: PodSecurityCheck = {
  id: "seLinuxOptions",
  level: "baseline",
  versions: [
    { since: 0, check: checkTypes(types) },
    { since: 31, check: checkTypes([...types, "container_engine_t"]) },
  ],
};

function checkTypes(allowed: readonly string[]): CheckPod {
  const isBad = (options: SELinuxOptions | undefined): boolean =>
    options !== undefined &&
    (!allowed.includes(options.type ?? "") || Boolean(options.user) || Boolean(options.role));
  return (pod) => {
    const ofPod = pod.spec.securityContext?.seLinuxOptions;
    const containers = badContainers(pod, (each) => isBad(each.securityContext?.seLinuxOptions));
    const who = setters(isBad(ofPod), containers);
    if (who === "") return undefined;
    const all = [
      ofPod,
      ...allContainers(pod.spec).map((each) => each.securityContext?.seLinuxOptions),
    ];
    const badTypes = all.map((options) => options?.type ?? "").filter((t) => !allowed.includes(t));
    const what = [
      ...(badTypes.length > 0 ? [named("type", distinct(badTypes))] : []),
      ...(all.some((options) => options?.user) ? ["user may not be set"] : []),
      ...(all.some((options) => options?.role) ? ["role may not be set"] : []),
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}`,
    };
  };
}
