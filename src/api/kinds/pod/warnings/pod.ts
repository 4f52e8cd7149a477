// What looks odd in a new Pod, though it is allowed.
// Source: pkg/registry/core/pod/strategy.go WarningsOnCreate, 1.34.
import type { Pod } from "../../../types.ts";
import { dnsLabel } from "../../../validation/texts.ts";
import { podTemplateWarnings } from "./podTemplate.ts";

export function podWarnings(pod: Pod): readonly string[] {
  const problems = dnsLabel(pod.metadata.name);
  return [
    ...(problems.length === 0
      ? []
      : [
          `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
        ]),
    ...podTemplateWarnings(pod),
  ];
}
