import assert from "node:assert/strict";
import { RoleBinding } from "../../../../src/api/kinds/rbac/roleBinding.ts";
import type { Status } from "../../../../src/api/status.ts";
import { type UserInfo, userNamed } from "../../../../src/api/user.ts";
import { Engine } from "../../../../src/engine/engine.ts";

const apiVersion = "authorization.k8s.io/v1";
const bot = "system:serviceaccount:default:bot";

function makeEngine(): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });
  engine.clock.run(1_000);
  const apiGroup = "rbac.authorization.k8s.io";
  engine.client("kubernetes-admin").create(RoleBinding, {
    apiVersion: `${apiGroup}/v1`,
    kind: "RoleBinding",
    metadata: { name: "rb", namespace: "default" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "edit" },
    subjects: [{ kind: "ServiceAccount", name: "bot", namespace: "default" }],
  });
  return engine;
}

const engine = makeEngine();

function ask(
  kind: string,
  spec: object,
  {
    user = userNamed("kubernetes-admin"),
    metadata = {},
  }: { user?: UserInfo; metadata?: object } = {},
) {
  const { code, body } = engine.apiServer.handle(user, {
    verb: "create",
    apiVersion,
    resource: `${kind.toLowerCase()}s`,
    namespace: kind.startsWith("Local") ? "default" : "",
    body: { apiVersion, kind, metadata, spec },
  });
  return { code, body: body as Omit<Status, "status"> & { status: unknown; spec: unknown } };
}

const createPods = { verb: "create", resource: "pods", namespace: "default" };

describe("an access review", () => {
  for (const [claim, kind, spec, status] of [
    [
      "says who gave the right",
      "SubjectAccessReview",
      { user: bot, resourceAttributes: createPods },
      {
        allowed: true,
        reason:
          'RBAC: allowed by RoleBinding "rb/default" of ClusterRole "edit" to ServiceAccount "bot/default"',
      },
    ],
    [
      "says nothing of a right that is missing",
      "SubjectAccessReview",
      { user: bot, resourceAttributes: { ...createPods, namespace: "kube-system" } },
      { allowed: false },
    ],
    [
      "knows groups without a user",
      "SubjectAccessReview",
      { groups: ["system:masters"], nonResourceAttributes: { verb: "get", path: "/metrics" } },
      { allowed: true },
    ],
    [
      "asks in its own namespace",
      "LocalSubjectAccessReview",
      { user: bot, resourceAttributes: createPods },
      {
        allowed: true,
        reason:
          'RBAC: allowed by RoleBinding "rb/default" of ClusterRole "edit" to ServiceAccount "bot/default"',
      },
    ],
    [
      "admits what it did not understand",
      "SubjectAccessReview",
      {
        user: "x",
        resourceAttributes: {
          ...createPods,
          fieldSelector: { requirements: [{ key: "a", operator: "Exists" }] },
          labelSelector: { rawSelector: "a in" },
        },
      },
      {
        allowed: false,
        evaluationError:
          "spec.resourceAttributes.fieldSelector ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error",
      },
    ],
  ] as const)
    it(claim, () => {
      const { code, body } = ask(kind, spec);
      assert.equal(code, 201, body.message);
      assert.deepEqual(body.status, status);
      assert.deepEqual(body.spec, spec);
    });

  it("needs a question", () => {
    const { body } = engine.apiServer.handle(userNamed("kubernetes-admin"), {
      verb: "create",
      apiVersion,
      resource: "selfsubjectaccessreviews",
      namespace: "",
      body: {},
    });
    assert.equal(
      (body as Status).message,
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  });

  it("of oneself is answered to everyone", () => {
    const user = { name: "joe", groups: ["system:authenticated"] };
    const { code, body } = ask(
      "SelfSubjectAccessReview",
      { resourceAttributes: createPods },
      { user },
    );
    assert.equal(code, 201);
    assert.deepEqual(body.status, { allowed: false });
  });

  it("of others is not", () => {
    const user = { name: "joe", groups: ["system:authenticated"] };
    const { code } = ask(
      "SubjectAccessReview",
      { user: "x", resourceAttributes: createPods },
      { user },
    );
    assert.equal(code, 403);
  });

  for (const [claim, kind, spec, metadata, message] of [
    [
      "asks one thing",
      "SelfSubjectAccessReview",
      { resourceAttributes: {}, nonResourceAttributes: { verb: "get", path: "/x" } },
      {},
      '.authorization.k8s.io "" is invalid: spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    ],
    [
      "asks something",
      "SelfSubjectAccessReview",
      {},
      {},
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      "asks about someone",
      "SubjectAccessReview",
      { resourceAttributes: {} },
      {},
      '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    ],
    [
      "has no name",
      "SubjectAccessReview",
      { user: "x", resourceAttributes: {} },
      { name: "n" },
      '.authorization.k8s.io "" is invalid: metadata: Invalid value: {"name":"n"}: must be empty',
    ],
    [
      "asks in its namespace only",
      "LocalSubjectAccessReview",
      { user: "x", resourceAttributes: { namespace: "other" } },
      {},
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
    ],
  ] as const)
    it(claim, () => {
      const { code, body } = ask(kind, spec, { metadata });
      assert.equal(code, 422);
      assert.equal(body.message, message);
    });

  it("is created and nothing else", () => {
    const { code } = engine.apiServer.handle(userNamed("kubernetes-admin"), {
      verb: "list",
      apiVersion,
      resource: "subjectaccessreviews",
      namespace: "",
    });
    assert.equal(code, 405);
  });
});

describe("a rules review", () => {
  it("lists what one may do in a namespace", () => {
    const user = userNamed(bot);
    const { body } = ask("SelfSubjectRulesReview", { namespace: "default" }, { user });
    const { resourceRules, nonResourceRules, incomplete } = body.status as {
      resourceRules: { resources: string[]; verbs: string[] }[];
      nonResourceRules: { nonResourceURLs: string[] }[];
      incomplete: boolean;
    };
    assert.equal(incomplete, false);
    assert.ok(resourceRules.some(({ resources }) => resources.includes("pods/exec")));
    assert.ok(nonResourceRules.some(({ nonResourceURLs }) => nonResourceURLs.includes("/healthz")));
    assert.deepEqual(body.spec, {});
  });

  it("admits that a node may do more", () => {
    const user = userNamed("system:node:n");
    const { body } = ask("SelfSubjectRulesReview", { namespace: "default" }, { user });
    const { incomplete, evaluationError } = body.status as Record<string, unknown>;
    assert.equal(incomplete, true);
    assert.equal(evaluationError, "node authorizer does not support user rule resolution");
  });

  it("needs a namespace", () =>
    assert.equal(ask("SelfSubjectRulesReview", {}).body.message, "no namespace on request"));
});
