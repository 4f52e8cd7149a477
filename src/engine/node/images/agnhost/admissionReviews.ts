// What agnhost's webhook says to an AdmissionReview, by the path that was asked.
// Source: test/images/agnhost/webhook/{addlabel,alwaysallow,alwaysdeny,configmap,crd,customresource,pods}.go,
// kubernetes v1.34.
import { encodeBase64Bytes } from "../../../../base/base64.ts";
import { utf8Bytes } from "../../../../base/utf8.ts";

type Json = Readonly<Record<string, unknown>>;

/** The part of an AdmissionRequest that is looked at. */
export interface ReviewedRequest {
  readonly uid: string;
  readonly operation: string;
  readonly name?: string;
  readonly object: Reviewed | null;
  readonly oldObject: Reviewed | null;
}

interface Reviewed extends Json {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly containers?: readonly Named[];
    readonly initContainers?: readonly Named[];
  };
}

interface Named {
  readonly name: string;
}

/** Of an AdmissionResponse, without its uid. */
type Response = Json & { readonly allowed: boolean };

const allowed: Response = { allowed: true };

const answers: Readonly<Record<string, (request: ReviewedRequest) => Response>> = {
  "/add-label": ({ object }) => addLabel(object?.metadata?.labels ?? {}),
  "/always-allow-delay-5s": () => ({
    allowed: true,
    status: { metadata: {}, message: "this webhook allows all requests" },
  }),
  "/always-deny": () => denied({ message: "this webhook denies all requests" }),
  "/configmaps": (request) => judgeData(request, "configmap", "key and value"),
  "/crd": ({ object }) =>
    marked(object) === "webhook-disallow"
      ? denied({ message: "the crd contains unwanted label" })
      : allowed,
  "/custom-resource": (request) => judgeData(request, "custom resource", "data"),
  "/mutating-configmaps": ({ object }) => advance(object),
  "/mutating-custom-resource": ({ object }) => advance(object),
  "/mutating-pods": ({ object }) => addInitContainer(object),
  "/pods": ({ object }) => judgePod(object),
  "/pods/attach": judgeAttachment,
};

/** Undefined for a path that is not served. */
export function admissionResponse(path: string, request: ReviewedRequest): Response | undefined {
  return Object.hasOwn(answers, path) ? answers[path]?.(request) : undefined;
}

function denied(status: Json): Response {
  return { allowed: false, status: { metadata: {}, ...status } };
}

function patched(...operations: readonly Json[]): Response {
  return {
    allowed: true,
    patch: encodeBase64Bytes(utf8Bytes(JSON.stringify(operations))),
    patchType: "JSONPatch",
  };
}

function marked(object: Reviewed | null): string | undefined {
  return object?.metadata?.labels?.["webhook-e2e-test"];
}

function addLabel(labels: Readonly<Record<string, string>>): Response {
  const path = "/metadata/labels";
  if (Object.keys(labels).length === 0)
    return patched({ op: "add", path, value: { "added-label": "yes" } });
  const value = labels["added-label"];
  if (value === "yes") return allowed;
  const op = value === undefined ? "add" : "replace";
  return patched({ op, path: `${path}/added-label`, value: "yes" });
}

/** Some data may not be written, some may not be deleted. */
function judgeData(
  { operation, object, oldObject }: ReviewedRequest,
  what: string,
  unwanted: string,
): Response {
  const isDeletion = operation === "DELETE";
  const value = (isDeletion ? oldObject : object)?.data?.["webhook-e2e-test"];
  if (!isDeletion && value === "webhook-disallow")
    return denied({ reason: `the ${what} contains unwanted ${unwanted}` });
  if (isDeletion && value === "webhook-nondeletable")
    return denied({
      reason: `the ${what} cannot be deleted because it contains unwanted key and value`,
    });
  return allowed;
}

/** Two webhooks of a test see what each other did: each takes the object one stage further. */
function advance(object: Reviewed | null): Response {
  const { data = {} } = object ?? {};
  if (data["mutation-stage-1"] === "yes")
    return patched({ op: "add", path: "/data/mutation-stage-2", value: "yes" });
  if (data["mutation-start"] === "yes")
    return patched({ op: "add", path: "/data/mutation-stage-1", value: "yes" });
  return allowed;
}

function addInitContainer(pod: Reviewed | null): Response {
  const name = "webhook-added-init-container";
  const has = pod?.spec?.initContainers?.some((container) => container.name === name);
  if (pod?.metadata?.name !== "webhook-to-be-mutated" || has) return allowed;
  const value = [{ image: "webhook-added-image", name, resources: {} }];
  return patched({ op: "add", path: "/spec/initContainers", value });
}

function judgePod(pod: Reviewed | null): Response {
  const names = pod?.spec?.containers?.map(({ name }) => name) ?? [];
  const complaints = [
    ...(marked(pod) === "webhook-disallow" ? ["the pod contains unwanted label;"] : []),
    ...names
      .filter((name) => name.includes("webhook-disallow"))
      .map(() => "the pod contains unwanted container name;"),
  ];
  return complaints.length === 0 ? allowed : denied({ message: complaints.join(" ") });
}

function judgeAttachment({ name, object }: ReviewedRequest): Response {
  const { stdin, container } = object ?? {};
  if (name !== "to-be-attached-pod" || stdin !== true || container !== "container1") return allowed;
  return denied({ message: "attaching to pod 'to-be-attached-pod' is not allowed" });
}
