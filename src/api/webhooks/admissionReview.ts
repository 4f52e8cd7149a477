// What is sent to admission webhooks, and what their answers mean.
// Source: apiserver pkg/admission/plugin/webhook/request/admissionreview.go, kubernetes v1.34.
import { isJsonObject } from "../crd/jsonSchema.ts";
import { decodeBase64 } from "../kinds/secret/base64.ts";
import type { KubeObject } from "../object.ts";
import { admissionRequest, type RequestFacts } from "../policies/requestInput.ts";
import type { Status } from "../status.ts";

/** A review's `request` without its uid. */
export type ReviewRequest = Readonly<Record<string, unknown>>;

export function reviewRequest(
  facts: RequestFacts,
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): ReviewRequest {
  const { dryRun, options, ...rest } = admissionRequest(facts);
  return { ...rest, object: object ?? null, oldObject: oldObject ?? null, dryRun, options };
}

export type ReviewVersion = "v1" | "v1beta1";

export function admissionReview(
  version: ReviewVersion,
  uid: string,
  request: ReviewRequest,
): Readonly<Record<string, unknown>> {
  return {
    kind: "AdmissionReview",
    apiVersion: `admission.k8s.io/${version}`,
    request: { uid, ...request },
  };
}

/** What a webhook said. */
export interface Verdict {
  readonly allowed: boolean;
  readonly result?: Partial<Status>;
  /** JSON patch, as text. */
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings: readonly string[];
}

interface Expected {
  readonly version: ReviewVersion;
  readonly uid: string;
  readonly isMutating: boolean;
}

/** Reads an answer; a text says what is wrong with it. */
export function readVerdict(answer: unknown, expected: Expected): Verdict | string {
  if (!isJsonObject(answer) || typeof answer.kind !== "string" || answer.kind === "")
    return `Object 'Kind' is missing in '${JSON.stringify(answer)}'`;
  const { response } = answer;
  if (!isJsonObject(response)) return "webhook response was absent";
  return problemOf(answer, response, expected) ?? verdictOf(response);
}

function problemOf(
  answer: Readonly<Record<string, unknown>>,
  response: Readonly<Record<string, unknown>>,
  { version, uid, isMutating }: Expected,
): string | undefined {
  // The old version was not as strict.
  if (version !== "v1") return undefined;
  if (response.uid !== uid)
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`;
  const found = `${String(answer.apiVersion ?? "")}, Kind=${String(answer.kind)}`;
  const wanted = "admission.k8s.io/v1, Kind=AdmissionReview";
  if (found !== wanted) return `expected webhook response of ${wanted}, got ${found}`;
  const hasPatch = typeof response.patch === "string" && response.patch !== "";
  const hasType = response.patchType !== undefined && response.patchType !== null;
  if (!isMutating && hasPatch) return "validating webhook may not return response.patch";
  if (!isMutating && hasType) return "validating webhook may not return response.patchType";
  if (hasPatch && !hasType) return "webhook returned response.patch but not response.patchType";
  if (hasType && !hasPatch) return "webhook returned response.patchType but not response.patch";
  if (response.patchType === "") return 'webhook returned invalid response.patchType of ""';
  return undefined;
}

function verdictOf(response: Readonly<Record<string, unknown>>): Verdict {
  const { patch, patchType, status, warnings } = response;
  return {
    allowed: response.allowed === true,
    ...(isJsonObject(status) ? { result: status as Partial<Status> } : {}),
    ...(typeof patch === "string" && patch !== "" ? { patch: decodeBase64(patch) } : {}),
    ...(typeof patchType === "string" ? { patchType } : {}),
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
  };
}

/**
 * The Status of a request that a webhook denied.
 * Source: apiserver pkg/admission/plugin/webhook/errors/statuserror.go, 1.34.
 */
export function denialStatus(webhook: string, result: Partial<Status> = {}): Status {
  const said = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const { message, reason, code = 0, ...rest } = result;
  const explanation = message || reason;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    ...rest,
    status: "Failure",
    message: explanation ? `${said}: ${explanation}` : `${said} without explanation`,
    ...(reason === undefined ? {} : { reason }),
    code: Math.max(code, 400),
  };
}
