// The query of a URL as the API's options objects, refused in the server's words.
// Source: apimachinery pkg/apis/meta/v1/{conversion,validation/validation}.go, pkg/conversion/queryparams
// and pkg/runtime/conversion.go, 1.34.
import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import type { PatchType, RequestOptions } from "../../api/request.ts";
import { badRequestError, invalidError } from "../../api/status.ts";
import { isTrue } from "./requestInfo.ts";

/** How a URL and a body of DeleteOptions say the same. */
export interface DeleteParameters {
  readonly dryRun?: readonly string[];
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

type WriteKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

const longestFieldManager = 128;
const fieldValidations: readonly string[] = ["", "Ignore", "Strict", "Warn"];
const propagationPolicies: readonly string[] = ["Foreground", "Background", "Orphan"];

/** Of a get, list or watch. @throws ApiError BadRequest */
export function readOptions(query: URLSearchParams): RequestOptions {
  const limit = integer(query, "limit");
  return {
    ...texts(query, ["labelSelector", "fieldSelector", "resourceVersion", "resourceVersionMatch"]),
    ...texts(query, ["continue"]),
    ...(limit === undefined ? {} : { limit }),
    ...(query.has("sendInitialEvents")
      ? { sendInitialEvents: isTrue(query.get("sendInitialEvents")) }
      : {}),
    ...(isTrue(query.get("allowWatchBookmarks")) ? { allowWatchBookmarks: true } : {}),
  };
}

/** How long a watch may last, in seconds; undefined if nothing was asked. @throws ApiError BadRequest */
export function timeoutSecondsOf(query: URLSearchParams): number | undefined {
  return integer(query, "timeoutSeconds");
}

/**
 * Of a create, update or patch. `userAgent` names the field manager unless the query does.
 * @throws ApiError Invalid
 */
export function writeOptions(
  query: URLSearchParams,
  verb: "create" | "update" | "patch",
  { patchType, userAgent }: { readonly patchType?: PatchType; readonly userAgent?: string },
): RequestOptions {
  const kind = writeKinds[verb];
  const fieldManager = query.get("fieldManager") ?? "";
  const fieldValidation = query.get("fieldValidation") ?? "";
  const dryRun = query.getAll("dryRun");
  reject(kind, [
    ...(verb === "patch" ? applyErrors(query, patchType, fieldManager) : []),
    ...fieldManagerErrors(fieldManager),
    ...dryRunErrors(dryRun),
    ...(fieldValidations.includes(fieldValidation)
      ? []
      : [notSupported(FieldPath.of("fieldValidation"), fieldValidation, fieldValidations)]),
  ]);
  return {
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
    fieldManager: fieldManager || managerOf(userAgent),
    ...(fieldValidation === ""
      ? {}
      : { fieldValidation: fieldValidation as "Ignore" | "Warn" | "Strict" }),
    ...(query.has("force") ? { force: isTrue(query.get("force")) } : {}),
  };
}

const writeKinds: Readonly<Record<"create" | "update" | "patch", WriteKind>> = {
  create: "CreateOptions",
  update: "UpdateOptions",
  patch: "PatchOptions",
};

/** Of a delete without a body. @throws ApiError BadRequest, Invalid */
export function deleteQuery(query: URLSearchParams): DeleteParameters {
  const gracePeriodSeconds = integer(query, "gracePeriodSeconds");
  return {
    ...(query.has("dryRun") ? { dryRun: query.getAll("dryRun") } : {}),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...texts(query, ["propagationPolicy"]),
    ...(query.has("orphanDependents")
      ? { orphanDependents: isTrue(query.get("orphanDependents")) }
      : {}),
  };
}

/** @throws ApiError Invalid */
export function deleteOptions({
  dryRun = [],
  gracePeriodSeconds,
  propagationPolicy,
  orphanDependents,
  preconditions,
}: DeleteParameters): RequestOptions {
  const path = FieldPath.of("propagationPolicy");
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    errors.push(
      invalid(
        path,
        propagationPolicy,
        "orphanDependents and deletionPropagation cannot be both set",
      ),
    );
  if (propagationPolicy !== undefined && !propagationPolicies.includes(propagationPolicy))
    errors.push(notSupported(path, propagationPolicy, [...propagationPolicies, "nil"]));
  reject("DeleteOptions", [...errors, ...dryRunErrors(dryRun)]);
  const policy = propagationPolicy ?? orphanPolicy(orphanDependents);
  return {
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(policy === undefined
      ? {}
      : { propagationPolicy: policy as "Background" | "Foreground" | "Orphan" }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
}

/** What the older of the two ways to ask means. */
function orphanPolicy(orphanDependents: boolean | undefined): string | undefined {
  if (orphanDependents === undefined) return undefined;
  return orphanDependents ? "Orphan" : "Background";
}

function applyErrors(
  query: URLSearchParams,
  patchType: PatchType | undefined,
  fieldManager: string,
): readonly FieldError[] {
  if (patchType === "apply")
    return fieldManager === ""
      ? [required(FieldPath.of("fieldManager"), "is required for apply patch")]
      : [];
  return query.has("force")
    ? [forbidden(FieldPath.of("force"), "may not be specified for non-apply patch")]
    : [];
}

function fieldManagerErrors(fieldManager: string): readonly FieldError[] {
  const path = FieldPath.of("fieldManager");
  const isLong = new TextEncoder().encode(fieldManager).length > longestFieldManager;
  const errors = isLong ? [tooLong(path, longestFieldManager)] : [];
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(fieldManager);
  if (!unprintable) return errors;
  const detail = `should only contain printable characters (at position ${unprintable.index})`;
  return [...errors, invalid(path, fieldManager, detail)];
}

function dryRunErrors(dryRun: readonly string[]): readonly FieldError[] {
  return dryRun.every((value) => value === "All")
    ? []
    : [notSupported(FieldPath.of("dryRun"), dryRun, ["All"])];
}

/** The program's name before its version. Source: apiserver managerOrUserAgent. */
function managerOf(userAgent = ""): string {
  const [name = ""] = userAgent.split("/");
  return [...name]
    .filter((char) => /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char))
    .join("")
    .slice(0, longestFieldManager);
}

function reject(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidError({ group: "meta.k8s.io", kind, name: "" }, errors);
}

function texts<Name extends string>(
  query: URLSearchParams,
  names: readonly Name[],
): { readonly [K in Name]?: string } {
  const found = names.flatMap((name) => {
    const value = query.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found) as { readonly [K in Name]?: string };
}

/** @throws ApiError BadRequest in the words of Go's strconv */
function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const parsing = `strconv.ParseInt: parsing ${JSON.stringify(text)}`;
  if (!/^[+-]?\d+$/.test(text)) throw badRequestError(`${parsing}: invalid syntax`);
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value) throw badRequestError(`${parsing}: value out of range`);
  return Number(value);
}
