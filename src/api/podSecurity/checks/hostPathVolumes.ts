// Pods see no files of their node.
import { named, type PodSecurityCheck } from "../check.ts";

export const hostPathVolumes: PodSecurityCheck = {
  id: "hostPathVolumes",
  level: "baseline",
  versions: [
    {
      since: 0,
      check({ spec }) {
        const volumes = (spec.volumes ?? []).filter(({ hostPath }) => hostPath);
        if (volumes.length === 0) return undefined;
        return {
          reason: "hostPath volumes",
          detail: named(
            "volume",
            volumes.map(({ name }) => name),
          ),
        };
      },
    },
  ],
};
