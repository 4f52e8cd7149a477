// What definitions leave out. Source: apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go,
// kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { CustomResourceDefinition } from "../../types.ts";

export function setCustomResourceDefinitionDefaults({
  spec,
}: Draft<CustomResourceDefinition>): void {
  const { names } = spec;
  if (!names.singular) names.singular = (names.kind ?? "").toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: "None" };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (spec.conversion.strategy === "Webhook" && service) service.port ??= 443;
}
