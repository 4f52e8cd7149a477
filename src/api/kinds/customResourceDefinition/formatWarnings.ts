// Formats that nobody checks are worth a warning when they come in.
// Source: apiextensions-apiserver pkg/registry/customresourcedefinition/strategy.go, 1.34.
import { isSupportedFormat } from "../../crd/formats.ts";
import { someSchema } from "../../crd/jsonSchema.ts";
import type { CustomResourceDefinition } from "../../types.ts";
import { internalSpec } from "./internalForm.ts";

export function formatWarnings(
  crd: CustomResourceDefinition,
  old?: CustomResourceDefinition,
): readonly string[] {
  const before = new Set(old && unknownFormats(old));
  return unknownFormats(crd)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats({ spec }: CustomResourceDefinition): readonly string[] {
  const { validation, versions } = internalSpec(spec);
  const found: string[] = [];
  for (const { openAPIV3Schema } of [
    validation ?? {},
    ...versions.map(({ schema = {} }) => schema),
  ])
    someSchema(openAPIV3Schema, ({ format }) => {
      if (format && !isSupportedFormat(format)) found.push(format);
      return false;
    });
  return found;
}
