// Pods share no namespaces with their node.
import type { PodSecurityCheck } from "../check.ts";

export const hostNamespaces: PodSecurityCheck = {
  id: "hostNamespaces",
  level: "baseline",
  versions: [
    {
      since: 0,
      check({ spec }) {
        const fields = ["hostNetwork", "hostPID", "hostIPC"] as const;
        const shared = fields.filter((field) => spec[field]).map((field) => `${field}=true`);
        return shared.length === 0
          ? undefined
          : { reason: "host namespaces", detail: shared.join(", ") };
      },
    },
  ],
};
