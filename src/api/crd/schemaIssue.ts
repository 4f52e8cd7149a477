// What is wrong with a value by its schema, in the words of kube-openapi, and as the API server reports
// it. Source: kube-openapi pkg/validation/errors/schema.go and apiextensions-apiserver
// pkg/apiserver/validation/validation.go, kubernetes v1.34.
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";

export type SchemaIssue =
  | {
      readonly code: "type" | "value";
      readonly path: FieldPath;
      readonly value: unknown;
      readonly message: string;
    }
  | { readonly code: "required"; readonly path: FieldPath }
  | {
      readonly code: "enum";
      readonly path: FieldPath;
      readonly value: unknown;
      readonly choices: readonly unknown[];
    }
  | { readonly code: "tooLong"; readonly path: FieldPath; readonly max: number }
  | {
      readonly code: "tooMany";
      readonly path: FieldPath;
      readonly actual: number;
      readonly max: number;
    }
  /** About alternatives as a whole, without a field of its own. */
  | { readonly code: "composite"; readonly message: string };

/** "spec.size in body must be of type integer: \"string\"". */
export function typeIssue(path: FieldPath, wanted: string, found: string): SchemaIssue {
  const message = `${nameOf(path)} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
  return { code: "type", path, value: found, message };
}

/** "spec.size in body should be ...". */
export function valueIssue(path: FieldPath, value: unknown, complaint: string): SchemaIssue {
  return { code: "value", path, value, message: `${nameOf(path)} in body ${complaint}` };
}

/** "\"spec.size\" must validate at least one schema (anyOf)". */
export function compositeIssue(path: FieldPath, complaint: string): SchemaIssue {
  return { code: "composite", message: `${JSON.stringify(nameOf(path))} ${complaint}` };
}

/** The name of a place in messages; the root has none. */
export function nameOf(path: FieldPath): string {
  return path.steps.length === 0 ? "" : path.toString();
}

/** Tells issues apart: the same one is reported once. */
export function issueText(issue: SchemaIssue): string {
  return "message" in issue ? issue.message : `${issue.code} ${issue.path}`;
}

/** @param base where the checked value is within the object */
export function toFieldError(issue: SchemaIssue, base: FieldPath): FieldError {
  switch (issue.code) {
    case "composite":
      return invalid(base, "", issue.message);
    case "required":
      return required(base.append(issue.path));
    case "enum":
      return notSupported(base.append(issue.path), issue.value, issue.choices.map(choiceText));
    case "tooLong":
      return tooLong(base.append(issue.path), issue.max);
    case "tooMany":
      return tooMany(base.append(issue.path), issue.actual, issue.max);
    case "type":
      return typeInvalid(base.append(issue.path), issue.value, issue.message);
    case "value":
      return invalid(base.append(issue.path), issue.value ?? "", issue.message);
  }
}

function choiceText(choice: unknown): string {
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}
