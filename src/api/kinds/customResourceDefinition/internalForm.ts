// The form in which the server checks definitions: what all versions share is moved to the top, and
// errors name it there. Source: apiextensions-apiserver pkg/apis/apiextensions/v1/conversion.go, 1.34.
import { dequal } from "dequal";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  CustomResourceValidation,
  SelectableField,
} from "../../types.ts";
import { goShape, goValue } from "../../validation/goShape.ts";

interface Shared {
  readonly validation?: CustomResourceValidation;
  readonly subresources?: CustomResourceSubresources;
  readonly additionalPrinterColumns?: readonly CustomResourceColumnDefinition[];
  readonly selectableFields?: readonly SelectableField[];
}

export interface InternalSpec extends Shared {
  /** The first version. */
  readonly version: string;
  /** Each without what is shared. */
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

export function internalSpec({ versions }: CustomResourceDefinitionSpec): InternalSpec {
  const [first] = versions;
  if (!first) return { version: "", versions: [] };
  const isShared = (name: keyof CustomResourceDefinitionVersion) =>
    versions.every((version) => dequal(version[name], first[name]));
  const sharesSchema = isShared("schema");
  const shared = {
    schema: sharesSchema,
    subresources: isShared("subresources"),
    additionalPrinterColumns: isShared("additionalPrinterColumns"),
    selectableFields: sharesSchema && isShared("selectableFields"),
  };
  return {
    version: first.name,
    versions: versions.map((version) => without(version, shared)),
    ...(shared.schema && first.schema ? { validation: first.schema } : {}),
    ...(shared.subresources && first.subresources ? { subresources: first.subresources } : {}),
    ...(shared.additionalPrinterColumns && first.additionalPrinterColumns
      ? { additionalPrinterColumns: first.additionalPrinterColumns }
      : {}),
    ...(shared.selectableFields && first.selectableFields
      ? { selectableFields: first.selectableFields }
      : {}),
  };
}

function without(
  version: CustomResourceDefinitionVersion,
  shared: Readonly<Record<string, boolean>>,
): CustomResourceDefinitionVersion {
  const kept = Object.entries(version).filter(([name]) => !shared[name]);
  return Object.fromEntries(kept) as unknown as CustomResourceDefinitionVersion;
}

/** Versions as errors show them. */
export function versionsValue(versions: readonly CustomResourceDefinitionVersion[]): unknown {
  return versions.map((version) => goValue(version, versionShape));
}

const versionShape = goShape(
  ["Name", "name", ""],
  ["Served", "served", false],
  ["Storage", "storage", false],
  ["Deprecated", "deprecated", false],
  ["DeprecationWarning", "deprecationWarning", null],
  ["Schema", "schema", null],
  ["Subresources", "subresources", null],
  ["AdditionalPrinterColumns", "additionalPrinterColumns", null],
  ["SelectableFields", "selectableFields", null],
);
