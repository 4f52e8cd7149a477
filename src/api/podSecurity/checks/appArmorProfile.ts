// Nobody switches AppArmor off.
import {
  allContainers,
  badContainers,
  distinct,
  type PodSecurityCheck,
  plural,
  quoted,
  setters,
} from "../check.ts";

const annotationPrefix = "container.apparmor.security.beta.kubernetes.io/";

export const appArmorProfile: PodSecurityCheck = {
  id: "appArmorProfile",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const { spec, metadata } = pod;
        const isBad = (type: string | undefined): boolean => badOf(type).length > 0;
        const podType = spec.securityContext?.appArmorProfile?.type;
        const containers = badContainers(pod, ({ securityContext }) =>
          isBad(securityContext?.appArmorProfile?.type),
        );
        const types = allContainers(spec).map(
          (each) => each.securityContext?.appArmorProfile?.type,
        );
        const annotations = Object.entries(metadata?.annotations ?? {})
          .filter(([key, value]) => key.startsWith(annotationPrefix) && !isAllowed(value))
          .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
          .sort();
        const values = [...distinct([podType, ...types].flatMap(badOf)), ...annotations];
        if (values.length === 0) return undefined;
        const who = [
          setters(isBad(podType), containers),
          annotations.length > 0 ? plural("annotation", annotations.length) : "",
        ];
        return {
          reason: plural("forbidden AppArmor profile", values.length),
          detail: `${who.filter(Boolean).join(" and ")} must not set AppArmor profile type to ${quoted(values)}`,
        };
      },
    },
  ],
};

function badOf(type: string | undefined): readonly string[] {
  return type === undefined || type === "RuntimeDefault" || type === "Localhost" ? [] : [type];
}

function isAllowed(profile: string): boolean {
  return profile === "" || profile === "runtime/default" || profile.startsWith("localhost/");
}
