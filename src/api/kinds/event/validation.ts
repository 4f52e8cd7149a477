// Events of the core group. Source: pkg/apis/core/validation legacyValidateEvent, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Event } from "../../types.ts";
import { check, checkDnsSubdomain } from "../../validation/fields.ts";
import { byteLength, qualifiedName } from "../../validation/texts.ts";

const maxShortText = 128;
const maxMessage = 1024;

/** @param controllerField what the version of the request calls the reporting controller */
export function validateEvent(event: Event, controllerField = "reportingComponent"): FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  return [
    ...(event.eventTime ? validateNewForm(event, controllerField) : validateOldForm(event)),
    ...checkDnsSubdomain(namespace, FieldPath.of("namespace")),
  ];
}

const mismatch = (namespace: string): FieldError =>
  invalid(FieldPath.of("involvedObject", "namespace"), namespace, "does not match event.namespace");

/** An Event lives beside its object; those about cluster-wide objects live in "default". */
function validateOldForm({ metadata, involvedObject }: Event): FieldError[] {
  const about = involvedObject?.namespace ?? "";
  const own = metadata.namespace ?? "";
  const matches = about === "" ? own === "" || own === "default" : own === about;
  return matches ? [] : [mismatch(about)];
}

function validateNewForm(event: Event, controllerField: string): FieldError[] {
  const about = event.involvedObject?.namespace ?? "";
  const own = event.metadata.namespace ?? "";
  const { reportingComponent = "", reportingInstance, action, reason, message = "" } = event;
  const path = FieldPath.of(controllerField);
  const errors: FieldError[] = [];
  if (about === "" && own !== "default" && own !== "kube-system") errors.push(mismatch(about));
  if (reportingComponent === "") errors.push(required(path));
  errors.push(...check(qualifiedName, reportingComponent, path));
  for (const [field, text = ""] of [
    ["reportingInstance", reportingInstance],
    ["action", action],
    ["reason", reason],
  ] as const) {
    if (text === "") errors.push(required(FieldPath.of(field)));
    errors.push(...checkLength(text, maxShortText, FieldPath.of(field)));
  }
  return [...errors, ...checkLength(message, maxMessage, FieldPath.of("message"))];
}

function checkLength(text: string, most: number, path: FieldPath): FieldError[] {
  return byteLength(text) > most ? [invalid(path, "", `can have at most ${most} characters`)] : [];
}
