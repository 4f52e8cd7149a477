import assert from "node:assert/strict";
import { ClusterRole } from "../../../../src/api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../../src/api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../../src/api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../../src/api/kinds/rbac/roleBinding.ts";
import type { ApiRequest } from "../../../../src/api/request.ts";
import type { Status } from "../../../../src/api/status.ts";
import type { PolicyRule } from "../../../../src/api/types.ts";
import { type UserInfo, userNamed } from "../../../../src/api/user.ts";
import { Engine } from "../../../../src/engine/engine.ts";
import { accessError } from "../../../../src/engine/registry/access.ts";
import { ruleAllows } from "../../../../src/engine/registry/authorization/rbac/policyRule.ts";
import type { AuthorizerAttributes } from "../../../../src/engine/registry/authorizer.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const apiGroup = "rbac.authorization.k8s.io";

function makeEngine(): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });
  engine.clock.run(1_000);
  return engine;
}

function about(text: string): AuthorizerAttributes {
  const [verb = "", path = "", name, namespace = ""] = text.split(" ");
  if (path.startsWith("/")) return { verb, path };
  const [plain = "", subresource] = path.split("/");
  const [resource = "", ...group] = plain.split(".");
  return {
    verb,
    resource,
    apiGroup: group.join("."),
    apiVersion: "v1",
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name ? { name } : {}),
  };
}

const pods: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };

describe("a rule", () => {
  for (const [claim, rule, request, expected] of [
    ["allows its verb", pods, "get pods", true],
    ["refuses another verb", pods, "list pods", false],
    ["refuses another group", pods, "get pods.apps", false],
    ["says nothing of subresources", pods, "get pods/log", false],
    ["names subresources", { ...pods, resources: ["pods/log"] }, "get pods/log", true],
    ["names a subresource of everything", { ...pods, resources: ["*/log"] }, "get pods/log", true],
    ["of such a one not the resource", { ...pods, resources: ["*/log"] }, "get pods", false],
    ["with a star allows subresources too", { ...pods, resources: ["*"] }, "get pods/log", true],
    ["with a star for verbs", { ...pods, verbs: ["*"] }, "escalate pods", true],
    ["with a star for groups", { ...pods, apiGroups: ["*"] }, "get pods.metrics.k8s.io", true],
    ["allows the names it lists", { ...pods, resourceNames: ["a"] }, "get pods a", true],
    ["refuses other names", { ...pods, resourceNames: ["a"] }, "get pods b", false],
    ["refuses no name at all", { ...pods, resourceNames: ["a"] }, "get pods", false],
    ["of a path", { verbs: ["get"], nonResourceURLs: ["/healthz"] }, "get /healthz", true],
    ["of a path not beneath", { verbs: ["get"], nonResourceURLs: ["/api"] }, "get /api/v1", false],
    ["of all beneath", { verbs: ["get"], nonResourceURLs: ["/api/*"] }, "get /api/v1", true],
    ["of resources not paths", { ...pods, resources: ["*"] }, "get /healthz", false],
  ] as const)
    it(`${claim}: ${request}`, () => assert.equal(ruleAllows(rule, about(request)), expected));
});

describe("RBAC", () => {
  const engine = makeEngine();
  const admin = engine.client("kubernetes-admin");
  const rule = (verb: string, resource: string): PolicyRule => ({
    verbs: [verb],
    apiGroups: [""],
    resources: [resource],
  });
  admin.create(ClusterRole, {
    apiVersion,
    kind: "ClusterRole",
    metadata: { name: "reader" },
    rules: [rule("list", "pods"), { verbs: ["get"], nonResourceURLs: ["/metrics"] }],
  });
  admin.create(Role, {
    apiVersion,
    kind: "Role",
    metadata: { name: "writer", namespace: "default" },
    rules: [rule("create", "secrets"), rule("get", "namespaces")],
  });
  const bind = (name: string, kind: string, role: string, subjects: object[]) => {
    const binding = {
      apiVersion,
      roleRef: { apiGroup, kind, name: role },
      subjects: subjects as { kind: string; name: string }[],
    };
    const metadata = { name, namespace: "default" };
    if (name.startsWith("cluster-"))
      admin.create(ClusterRoleBinding, {
        ...binding,
        kind: "ClusterRoleBinding",
        metadata: { name },
      });
    else admin.create(RoleBinding, { ...binding, kind: "RoleBinding", metadata });
  };
  const group = (name: string) => ({ kind: "Group", apiGroup, name });
  const user = (name: string) => ({ kind: "User", apiGroup, name });
  bind("cluster-devs", "ClusterRole", "reader", [user("nobody"), group("devs")]);
  bind("local", "ClusterRole", "reader", [user("joe")]);
  bind("mine", "Role", "writer", [{ kind: "ServiceAccount", name: "bot", namespace: "default" }]);
  bind("lost", "ClusterRole", "gone", [user("ann")]);
  bind("lost-too", "Role", "gone", [user("ann")]);

  const dev: UserInfo = { name: "dev", groups: ["devs"] };
  const joe: UserInfo = { name: "joe", groups: [] };
  const ann: UserInfo = { name: "ann", groups: [] };
  const bot = userNamed("system:serviceaccount:default:bot");
  const master: UserInfo = { name: "root", groups: ["system:masters"] };

  for (const [claim, who, request, allowed, reason] of [
    [
      "a group has what is bound to it everywhere",
      dev,
      "list pods  default",
      true,
      'RBAC: allowed by ClusterRoleBinding "cluster-devs" of ClusterRole "reader" to Group "devs"',
    ],
    [
      "paths too",
      dev,
      "get /metrics",
      true,
      'RBAC: allowed by ClusterRoleBinding "cluster-devs" of ClusterRole "reader" to Group "devs"',
    ],
    [
      "a RoleBinding gives a ClusterRole in its namespace",
      joe,
      "list pods  default",
      true,
      'RBAC: allowed by RoleBinding "local/default" of ClusterRole "reader" to User "joe"',
    ],
    ["and nowhere else", joe, "list pods  kube-system", false, ""],
    ["and not everywhere", joe, "list pods", false, ""],
    ["and no paths", joe, "get /metrics", false, ""],
    [
      "a ServiceAccount is a user",
      bot,
      "create secrets  default",
      true,
      'RBAC: allowed by RoleBinding "mine/default" of Role "writer" to ServiceAccount "bot/default"',
    ],
    [
      "a missing role is named",
      ann,
      "list pods  default",
      false,
      'RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "gone" not found]',
    ],
    ["masters need no role", master, "sing songs", true, ""],
    [
      "the controllers have theirs",
      userNamed("system:serviceaccount:kube-system:deployment-controller"),
      "create replicasets.apps  default",
      true,
      'RBAC: allowed by ClusterRoleBinding "system:controller:deployment-controller" of ClusterRole "system:controller:deployment-controller" to ServiceAccount "deployment-controller/kube-system"',
    ],
    [
      "and no more",
      userNamed("system:serviceaccount:kube-system:deployment-controller"),
      "create pods  default",
      false,
      "",
    ],
  ] as const)
    it(claim, () =>
      assert.deepEqual(engine.apiServer.authorizer.authorize(who, about(request)), {
        allowed,
        reason,
      }),
    );

  it("sees a new binding at once", () => {
    const late: UserInfo = { name: "late", groups: [] };
    const asks = () =>
      engine.apiServer.authorizer.authorize(late, about("list pods  default")).allowed;
    assert.equal(asks(), false);
    bind("late", "ClusterRole", "reader", [user("late")]);
    assert.equal(asks(), true);
    admin.delete(RoleBinding, { namespace: "default", name: "late" });
    assert.equal(asks(), false);
  });

  const messageOf = (who: UserInfo, request: Partial<ApiRequest>): string => {
    const whole = { verb: "get", apiVersion: "v1", resource: "pods", namespace: "", ...request };
    return (engine.apiServer.handle(who, whole as ApiRequest).body as Status).message ?? "";
  };
  const alice: UserInfo = { name: "alice", groups: ["system:authenticated"] };

  for (const [claim, request, message] of [
    [
      "all namespaces",
      { verb: "list" },
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      "one namespace",
      { verb: "list", namespace: "x" },
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "x"',
    ],
    [
      "one object of a group",
      { verb: "delete", apiVersion: "apps/v1", resource: "deployments", namespace: "x", name: "d" },
      'deployments.apps "d" is forbidden: User "alice" cannot delete resource "deployments" in API group "apps" in the namespace "x"',
    ],
    [
      "a subresource",
      { namespace: "x", name: "p", subresource: "log" },
      'pods "p" is forbidden: User "alice" cannot get resource "pods/log" in API group "" in the namespace "x"',
    ],
    [
      "a namespace, which is in itself",
      { resource: "namespaces", name: "n" },
      'namespaces "n" is forbidden: User "alice" cannot get resource "namespaces" in API group "" in the namespace "n"',
    ],
    [
      "a list of one name",
      { verb: "list", namespace: "x", options: { fieldSelector: "metadata.name=p" } },
      'pods "p" is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "x"',
    ],
  ] as const)
    it(`refuses ${claim} in the server's words`, () =>
      assert.equal(messageOf(alice, request as Partial<ApiRequest>), message));

  it("refuses a path in the server's words", () =>
    assert.equal(
      accessError(alice, { verb: "get", path: "/metrics" }, "").message,
      'forbidden: User "alice" cannot get path "/metrics"',
    ));

  it("answers fifty thousand requests of a controller within a second", () => {
    const who = userNamed("system:serviceaccount:kube-system:replicaset-controller");
    const asked = about("create pods  default");
    const before = performance.now();
    for (let i = 0; i < 50_000; i++) engine.apiServer.authorizer.authorize(who, asked);
    assert.ok(performance.now() - before < 1_000);
  });
});

describe("privileges", () => {
  const engine = makeEngine();
  const admin = engine.client("kubernetes-admin");
  const adm = "system:serviceaccount:default:adm";
  admin.create(RoleBinding, {
    apiVersion,
    kind: "RoleBinding",
    metadata: { name: "adm", namespace: "default" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "admin" },
    subjects: [{ kind: "ServiceAccount", name: "adm", namespace: "default" }],
  });
  const client = engine.client(adm);
  const groups =
    '["system:serviceaccounts" "system:serviceaccounts:default" "system:authenticated"]';
  const grants = `user "${adm}" (groups=${groups}) is attempting to grant RBAC permissions not currently held:`;
  const role = (name: string, rules: readonly PolicyRule[]) => () =>
    client.create(Role, {
      apiVersion,
      kind: "Role",
      metadata: { name, namespace: "default" },
      rules,
    });
  const binding = (name: string, kind: string, roleName: string) => () =>
    client.create(RoleBinding, {
      apiVersion,
      kind: "RoleBinding",
      metadata: { name, namespace: "default" },
      roleRef: { apiGroup, kind, name: roleName },
      subjects: [{ kind: "User", apiGroup, name: "z" }],
    });
  const rule = (verbs: string[], resources: string[], more: object = {}): PolicyRule => ({
    verbs,
    apiGroups: [""],
    resources,
    ...more,
  });

  for (const [claim, act, message] of [
    ["what one has can be given", role("fine", [rule(["get"], ["pods"])]), undefined],
    [
      "what one has not can't",
      role("more", [rule(["get"], ["nodes"])]),
      `roles.rbac.authorization.k8s.io "more" is forbidden: ${grants}\n{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}`,
    ],
    [
      "verbs are named together, names apart, in order",
      role("many", [
        rule(["watch", "get"], ["nodes", "pods"]),
        rule(["get"], ["nodes"], { resourceNames: ["a", "b"] }),
      ]),
      [
        `roles.rbac.authorization.k8s.io "many" is forbidden: ${grants}`,
        '{APIGroups:[""], Resources:["nodes"], ResourceNames:["a"], Verbs:["get"]}',
        '{APIGroups:[""], Resources:["nodes"], ResourceNames:["b"], Verbs:["get"]}',
        '{APIGroups:[""], Resources:["nodes"], Verbs:["watch" "get"]}',
      ].join("\n"),
    ],
    ["a role that one holds can be bound", binding("down", "Role", "fine"), undefined],
    [
      "a greater one can't",
      binding("up", "ClusterRole", "cluster-admin"),
      `rolebindings.rbac.authorization.k8s.io "up" is forbidden: ${grants}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
    ],
    [
      "nor one that is missing",
      binding("none", "ClusterRole", "none"),
      'clusterrole.rbac.authorization.k8s.io "none" not found',
    ],
  ] as const)
    it(claim, () => assert.equal(refusal(act), message));

  it("are given away by those who may escalate and bind", () => {
    admin.create(Role, {
      apiVersion,
      kind: "Role",
      metadata: { name: "giver", namespace: "default" },
      rules: [{ verbs: ["escalate", "bind"], apiGroups: [apiGroup], resources: ["*"] }],
    });
    admin.create(RoleBinding, {
      apiVersion,
      kind: "RoleBinding",
      metadata: { name: "giver", namespace: "default" },
      roleRef: { apiGroup, kind: "Role", name: "giver" },
      subjects: [{ kind: "ServiceAccount", name: "adm", namespace: "default" }],
    });
    assert.equal(refusal(role("more", [rule(["get"], ["nodes"])])), undefined);
    assert.equal(refusal(binding("up", "ClusterRole", "cluster-admin")), undefined);
  });
});

function refusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
