// Which objects a list or watch is about.
import {
  type FieldRequirement,
  matchesFields,
  parseFieldSelector,
} from "../../api/fieldSelector.ts";
import type { Kind } from "../../api/kind.ts";
import { parseLabelSelector } from "../../api/labelSelectorText.ts";
import type { KubeObject } from "../../api/object.ts";
import type { RequestOptions } from "../../api/request.ts";
import { isSelectorError, labelSelectorOf } from "../../api/selector.ts";
import { badRequestError } from "../../api/status.ts";
import type { LabelSelector } from "../../api/types.ts";

type Test = (object: KubeObject) => boolean;

const everything: Test = () => true;

/**
 * Compiles the selectors of a request.
 * @throws ApiError 400 if one cannot be read or names a field that the kind does not offer
 */
export function makeSelection(
  kind: Kind,
  { labelSelector = "", fieldSelector = "" }: RequestOptions,
): Test {
  if (labelSelector === "" && fieldSelector === "") return everything;
  const byLabels = labelTest(labelSelector);
  const byFields = fieldTest(kind, fieldSelector);
  return (object) => byLabels(object) && byFields(object);
}

/** The selector of a workload as text, for its Scale. */
export function selectorTextOf(object: KubeObject): string {
  const { spec } = object as {
    readonly spec?: { readonly selector?: LabelSelector | Record<string, string> };
  };
  const selector = spec?.selector;
  if (!selector) return "";
  const isLabelSelector = "matchLabels" in selector || "matchExpressions" in selector;
  return labelSelectorOf(
    isLabelSelector
      ? (selector as LabelSelector)
      : { matchLabels: selector as Record<string, string> },
  ).text;
}

function labelTest(text: string): Test {
  if (text === "") return everything;
  const selector = parseLabelSelector(text);
  if (isSelectorError(selector)) throw badRequestError(selector.error);
  return ({ metadata }) => selector.matches(metadata.labels ?? {});
}

function fieldTest(kind: Kind, text: string): Test {
  if (text === "") return everything;
  const requirements = parseFieldSelector(text);
  if (isFieldError(requirements)) throw badRequestError(requirements.error);
  for (const { field } of requirements)
    if (!readerOf(kind, field)) throw badRequestError(unknownField(kind, field));
  return (object) => matchesFields(requirements, (field) => readerOf(kind, field)?.(object) ?? "");
}

function readerOf(kind: Kind, field: string): ((object: KubeObject) => string) | undefined {
  if (field === "metadata.name") return ({ metadata }) => metadata.name;
  const hasNamespace = kind.namespaced || !kind.decode;
  if (field === "metadata.namespace" && hasNamespace)
    return ({ metadata }) => metadata.namespace ?? "";
  return kind.fields[field];
}

/** Custom kinds, and kinds with fields of their own, say it differently than the others. */
function unknownField(kind: Kind, field: string): string {
  return kind.decode || Object.keys(kind.fields).length > 0
    ? `field label not supported: ${field}`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function isFieldError(
  result: ReturnType<typeof parseFieldSelector>,
): result is Exclude<ReturnType<typeof parseFieldSelector>, readonly FieldRequirement[]> {
  return !Array.isArray(result);
}
