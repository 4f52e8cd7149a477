// From the question of an access review to what an authorizer is asked.
// Source: pkg/registry/authorization/util/helpers.go, 1.34.
import { parseFieldSelector } from "../../../api/fieldSelector.ts";
import { parseLabelSelector } from "../../../api/labelSelectorText.ts";
import type {
  FieldSelectorRequirement,
  ReviewedResource,
  SelfSubjectAccessReview,
} from "../../../api/reviewTypes.ts";
import type { AuthorizerAttributes } from "../authorizer.ts";

/** A selector that can be understood in part is used as far; the rest is left out of the question. */
interface Understood {
  readonly text: string;
  readonly isWhole: boolean;
}

const nothing: Understood = { text: "", isWhole: true };
const labelOperators = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

export function reviewedAttributes({ spec }: SelfSubjectAccessReview): {
  readonly attributes: AuthorizerAttributes;
  /** "" if the whole question was understood. */
  readonly evaluationError: string;
} {
  const { resourceAttributes: asked, nonResourceAttributes } = spec;
  if (!asked) {
    const { path = "", verb = "" } = nonResourceAttributes ?? {};
    return { attributes: { path, verb }, evaluationError: "" };
  }
  const fields = fieldSelectorOf(asked);
  const labels = labelSelectorOf(asked);
  return {
    attributes: {
      verb: asked.verb ?? "",
      apiGroup: asked.group ?? "",
      apiVersion: asked.version || "*",
      resource: asked.resource ?? "",
      namespace: asked.namespace ?? "",
      ...(asked.subresource ? { subresource: asked.subresource } : {}),
      ...(asked.name ? { name: asked.name } : {}),
      ...(fields.text === "" ? {} : { fieldSelector: fields.text }),
    },
    evaluationError: [ignored("fieldSelector", fields), ignored("labelSelector", labels)]
      .filter((text) => text !== "")
      .join("; "),
  };
}

function ignored(field: string, { text, isWhole }: Understood): string {
  if (isWhole) return "";
  const how = text === "" ? "ignored" : "partially ignored";
  return `spec.resourceAttributes.${field} ${how} due to parse error`;
}

function fieldSelectorOf({ fieldSelector }: ReviewedResource): Understood {
  const { rawSelector: raw = "", requirements = [] } = fieldSelector ?? {};
  if (raw !== "")
    return "error" in parseFieldSelector(raw) ? { ...nothing, isWhole: false } : whole(raw);
  const terms = requirements.flatMap(fieldTerm);
  return { text: terms.join(","), isWhole: terms.length === requirements.length };
}

function fieldTerm({ key, operator, values = [] }: FieldSelectorRequirement): readonly string[] {
  const [value] = values;
  if (values.length !== 1 || value === undefined) return [];
  const escaped = value.replace(/[\\,=]/g, "\\$&");
  if (operator === "In") return [`${key}=${escaped}`];
  return operator === "NotIn" ? [`${key}!=${escaped}`] : [];
}

/** No authorizer looks at labels: all that matters is whether they were understood. */
function labelSelectorOf({ labelSelector }: ReviewedResource): Understood {
  const { rawSelector: raw = "", requirements = [] } = labelSelector ?? {};
  if (raw !== "")
    return "error" in parseLabelSelector(raw) ? { ...nothing, isWhole: false } : whole(raw);
  const known = requirements.filter(({ operator }) => labelOperators.has(operator));
  const text = known.map(({ key }) => key).join(",");
  return { text, isWhole: known.length === requirements.length };
}

function whole(text: string): Understood {
  return { text, isWhole: true };
}
