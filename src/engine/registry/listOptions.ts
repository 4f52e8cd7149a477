// What a list or watch may ask for. Source: apimachinery
// pkg/apis/meta/internalversion/validation/validation.go and apiserver pkg/storage/util.go, 1.34.
import { type FieldError, forbidden, notSupported } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import type { RequestOptions } from "../../api/request.ts";
import { badRequestError, invalidError } from "../../api/status.ts";

const matchPath = FieldPath.of("resourceVersionMatch");
const initialPath = FieldPath.of("sendInitialEvents");
const matches = ["Exact", "NotOlderThan"];

/** @throws ApiError Invalid for options that contradict one another, BadRequest for a bad version */
export function checkListOptions(verb: "list" | "watch", options: RequestOptions): void {
  const errors = verb === "list" ? listErrors(options) : watchErrors(options);
  if (errors.length > 0)
    throw invalidError({ group: "meta.k8s.io", kind: "ListOptions", name: "" }, errors);
  parseResourceVersion(options.resourceVersion);
}

/** 0 stands for "any", as an absent version does. @throws ApiError BadRequest */
export function parseResourceVersion(text: string | undefined): number {
  if (text === undefined || text === "") return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  throw badRequestError(
    `invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
  );
}

function listErrors(options: RequestOptions): readonly FieldError[] {
  const { resourceVersion = "", resourceVersionMatch: match = "" } = options;
  const initial =
    options.sendInitialEvents === undefined
      ? []
      : [forbidden(initialPath, "sendInitialEvents is forbidden for list")];
  if (match === "") return initial;
  const errors: FieldError[] = [];
  if (resourceVersion === "")
    errors.push(
      forbidden(matchPath, "resourceVersionMatch is forbidden unless resourceVersion is provided"),
    );
  if (options.continue)
    errors.push(
      forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"),
    );
  if (!matches.includes(match)) errors.push(notSupported(matchPath, match, matches));
  if (match === "Exact" && resourceVersion === "0")
    errors.push(
      forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    );
  return [...errors, ...initial];
}

function watchErrors(options: RequestOptions): readonly FieldError[] {
  const { resourceVersionMatch: match = "", sendInitialEvents } = options;
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== "NotOlderThan")
    errors.push(
      forbidden(
        matchPath,
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
      ),
    );
  if (match !== "" && sendInitialEvents === undefined)
    errors.push(
      forbidden(
        matchPath,
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      ),
    );
  if (match === "") return errors;
  if (match !== "NotOlderThan") errors.push(notSupported(matchPath, match, ["NotOlderThan"]));
  if (options.continue)
    errors.push(
      forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"),
    );
  return errors;
}
