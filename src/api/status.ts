// What a client sees when a request fails: meta/v1 Status, carried by one error class.
import { aggregateText } from "./aggregateText.ts";
import { type FieldError, fieldErrorText } from "./fieldError.ts";

/** meta/v1 Status. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** An expected failure of a request. `status` is the body that a client gets. */
export class ApiError extends Error {
  constructor(readonly status: Status) {
    super(status.message ?? status.reason ?? "unknown error");
    this.name = "ApiError";
  }

  get reason(): string {
    return this.status.reason ?? "";
  }

  get code(): number {
    return this.status.code;
  }
}

/** Names the resource or kind that an error speaks of. */
export interface ErrorTarget {
  readonly group: string;
  /** Plural resource, or Kind for Invalid. */
  readonly kind: string;
  readonly name: string;
}

/** Source of all messages: apimachinery pkg/api/errors, 1.34. */
export function notFoundError(target: ErrorTarget): ApiError {
  return fail(404, "NotFound", `${qualified(target)} ${quote(target.name)} not found`, target);
}

export function alreadyExistsError(target: ErrorTarget): ApiError {
  return fail(
    409,
    "AlreadyExists",
    `${qualified(target)} ${quote(target.name)} already exists`,
    target,
  );
}

export function conflictError(
  target: ErrorTarget,
  cause = "the object has been modified; please apply your changes to the latest version and try again",
): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(target)} ${quote(target.name)}: ${cause}`;
  return fail(409, "Conflict", message, target);
}

export function invalidError(target: ErrorTarget, errors: readonly FieldError[]): ApiError {
  // What is said twice is shown once; the causes are all there.
  const listed = aggregateText(errors.map(fieldErrorText));
  const causes = errors.map(({ type, path, detail }) => ({
    reason: type,
    message: detail,
    field: path.toString(),
  }));
  const message = `${qualified(target)} ${quote(target.name)} is invalid: ${listed}`;
  return fail(422, "Invalid", message, target, { causes });
}

export function forbiddenError(target: ErrorTarget, cause: string): ApiError {
  const named = target.name === "" ? "" : ` ${quote(target.name)}`;
  const what = target.kind === "" ? "forbidden" : `${qualified(target)}${named} is forbidden`;
  return fail(403, "Forbidden", `${what}: ${cause}`, target);
}

export function badRequestError(message: string): ApiError {
  return fail(400, "BadRequest", message);
}

/** The resource is there, but not for this verb. */
export function methodNotAllowedError(): ApiError {
  const message = "the server does not allow this method on the requested resource";
  return genericError(405, "MethodNotAllowed", message);
}

/** Objects of a kind whose definition is being deleted can't be made. */
export function terminatingKindError(target: ErrorTarget): ApiError {
  const message = "create not allowed while custom resource definition is terminating";
  return fail(405, "MethodNotAllowed", message, target);
}

/** A path that the server does not serve. */
export function noSuchResourceError(): ApiError {
  return genericError(404, "NotFound", "the server could not find the requested resource");
}

export function unauthorizedError(): ApiError {
  return fail(401, "Unauthorized", "Unauthorized");
}

/** The client takes none of the forms that the server can answer in. */
export function notAcceptableError(message: string): ApiError {
  return fail(406, "NotAcceptable", message);
}

export function requestTooLargeError(limitBytes: number): ApiError {
  const message = `Request entity too large: limit is ${limitBytes}`;
  return fail(413, "RequestEntityTooLarge", message);
}

/** Source: NewRequestEntityTooLargeError. */
export function entityTooLargeError(why: string): ApiError {
  return fail(413, "RequestEntityTooLarge", `Request entity is too large: ${why}`);
}

export function unsupportedMediaTypeError(mediaType: string): ApiError {
  return fail(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${mediaType}`,
  );
}

/** A watch or list from a revision that the store no longer keeps. */
export function expiredError(message: string): ApiError {
  return fail(410, "Expired", message);
}

/** A page whose revision is gone; the token in the answer goes on with the newest state. */
export function expiredContinueError(token: string): ApiError {
  const message =
    "The provided continue parameter is too old to display a consistent list result. " +
    "You can start a new list without the continue parameter, or use the continue token in this " +
    "response to retrieve the remainder of the results. Continuing with the provided token results " +
    "in an inconsistent list - objects that were created, modified, or deleted between the time the " +
    "first chunk was returned and now may show up in the list.";
  return new ApiError({ ...expiredError(message).status, metadata: { continue: token } });
}

/** A read at a revision that is still to come. Source: apiserver pkg/storage/errors.go, 1.34. */
export function tooLargeVersionError(asked: number, current: number): ApiError {
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return fail(504, "Timeout", message, undefined, { causes, retryAfterSeconds: 1 });
}

/** The server gave up. Source: apiserver pkg/server/filters/timeout.go, 1.34. */
export function requestTimeoutError(): ApiError {
  const message = "Timeout: request did not complete within the allotted timeout";
  const { status } = fail(504, "Timeout", message);
  return new ApiError({ ...status, details: {} });
}

export function tooManyRequestsError(message: string, details: StatusDetails): ApiError {
  return fail(429, "TooManyRequests", message, undefined, details);
}

export function unavailableError(message: string): ApiError {
  return fail(503, "ServiceUnavailable", message);
}

export function internalError(message: string): ApiError {
  const details = { causes: [{ message }] };
  return fail(500, "InternalError", `Internal error occurred: ${message}`, undefined, details);
}

/** A patch that can't be carried out. Source: NewGenericServerResponse of 422, which tells nothing more. */
export function unprocessableError(): ApiError {
  const message = "the server rejected our request due to an error in our request";
  return genericError(422, "Invalid", message);
}

/** A failure that is none of the API's own: no reason is given. */
export function unknownError(message: string): ApiError {
  const { reason: _, ...status } = fail(500, "", message).status;
  return new ApiError(status);
}

export function hasReason(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.reason === reason;
}

/** What the router answers by itself; its details are empty, not absent. Source: NewGenericServerResponse. */
export function genericError(code: number, reason: string, message: string): ApiError {
  const { code: _, ...status } = fail(code, reason, message).status;
  return new ApiError({ ...status, details: {}, code });
}

function fail(
  code: number,
  reason: string,
  message: string,
  target?: ErrorTarget,
  more: StatusDetails = {},
): ApiError {
  const details = target
    ? {
        ...(target.name === "" ? {} : { name: target.name }),
        ...(target.group === "" ? {} : { group: target.group }),
        ...(target.kind === "" ? {} : { kind: target.kind }),
        ...more,
      }
    : more;
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(target || Object.keys(details).length > 0 ? { details } : {}),
    code,
  });
}

function qualified({ kind, group }: ErrorTarget): string {
  return group === "" ? kind : `${kind}.${group}`;
}

function quote(name: string): string {
  return JSON.stringify(name);
}
