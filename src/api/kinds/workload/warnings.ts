// Warnings that workloads share. Source: pkg/registry/{apps,batch} strategies, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { PodTemplateSpec } from "../../types.ts";
import { dnsLabel } from "../../validation/texts.ts";
import { podTemplateWarnings } from "../pod/warnings/podTemplate.ts";

const templatePath = FieldPath.of("spec", "template");

/** Names of Pods begin with the workload's name, and become host names. */
export function labelNameWarnings(name: string): readonly string[] {
  const problems = dnsLabel(name);
  return problems.length === 0
    ? []
    : [
        `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
      ];
}

export function templateWarnings(
  template: PodTemplateSpec | undefined,
  path = templatePath,
): readonly string[] {
  return podTemplateWarnings(template ?? {}, path);
}
