// Whose requests a FlowSchema is about. Source: pkg/apis/flowcontrol/validation, kubernetes v1.34.
import { type FieldError, forbidden, notSupported, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { ServiceAccountSubject, Subject } from "../../types.ts";
import { checkDnsLabel, checkDnsSubdomain } from "../../validation/fields.ts";

const members = { Group: "group", ServiceAccount: "serviceAccount", User: "user" } as const;
const kinds = Object.keys(members);
/** In the order in which the server looks for members that don't belong. */
const foreign = {
  Group: ["ServiceAccount", "User"],
  ServiceAccount: ["User", "Group"],
  User: ["ServiceAccount", "Group"],
} as const;

/** A subject has the one member that its kind names. */
export function validateSubject(subject: Subject, path: FieldPath): FieldError[] {
  const kind = (subject.kind ?? "") as keyof typeof members;
  if (!kinds.includes(kind)) return [notSupported(path.child("kind"), kind, kinds)];
  const member = members[kind];
  const at = path.child(member);
  const value = subject[member];
  return [
    ...(value === undefined
      ? [required(at, `${member} is required when subject kind is '${kind}'`)]
      : kind === "ServiceAccount"
        ? validateServiceAccount(value as ServiceAccountSubject, at)
        : value.name
          ? []
          : [required(at.child("name"))]),
    ...foreign[kind]
      .filter((other) => subject[members[other]] !== undefined)
      .map((other) =>
        forbidden(
          path.child(members[other]),
          `${members[other]} is forbidden when subject kind is not '${other}'`,
        ),
      ),
  ];
}

function validateServiceAccount(
  { name = "", namespace = "" }: ServiceAccountSubject,
  path: FieldPath,
): FieldError[] {
  const [namePath, namespacePath] = [path.child("name"), path.child("namespace")];
  return [
    ...(name === "" ? [required(namePath)] : []),
    ...(name === "" || name === "*" ? [] : checkDnsSubdomain(name, namePath)),
    ...(namespace === ""
      ? [required(namespacePath, "must specify namespace for service account")]
      : checkDnsLabel(namespace, namespacePath)),
  ];
}
