import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Kind } from "../../../src/api/kind.ts";
import { ClusterRole } from "../../../src/api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../src/api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../src/api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../src/api/kinds/rbac/roleBinding.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { PolicyRule } from "../../../src/api/types.ts";
import { bootstrapPolicy } from "../../../src/engine/bootstrap/rbac/policy.ts";
import { reconcilePolicy } from "../../../src/engine/bootstrap/rbac/reconcile.ts";
import { Engine } from "../../../src/engine/engine.ts";

type Recorded = Record<string, unknown> & { readonly name: string };

/** What kube-apiserver 1.34 had made, once the aggregation controller had run. */
const recorded = JSON.parse(
  readFileSync(new URL("../../conformance/wire/rbac.json", import.meta.url), "utf8"),
) as Record<"clusterRoles" | "clusterRoleBindings" | "roles", readonly Recorded[]>;

function makeEngine(): Engine {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 31),
    seed: 1,
    spec: { machines: [], hasDefaultStorage: false },
    distribution: { policy: bootstrapPolicy, admission: [] },
  });
  engine.clock.run(1_000);
  return engine;
}

function found<T extends KubeObject>(engine: Engine, kind: Kind<T>): readonly Recorded[] {
  return engine
    .client("kubernetes-admin")
    .list(kind)
    .items.map((object) => {
      const { apiVersion: _, kind: __, metadata, ...rest } = object;
      const { name, namespace, labels, annotations } = metadata;
      const meta = { name, namespace, labels, annotations };
      return JSON.parse(JSON.stringify({ ...meta, ...rest })) as Recorded;
    });
}

describe("the roles that a cluster starts with", () => {
  const engine = makeEngine();
  for (const [name, kind] of [
    ["clusterRoles", ClusterRole],
    ["clusterRoleBindings", ClusterRoleBinding],
    ["roles", Role],
  ] as const)
    it(`has the ${name} of the real one`, () =>
      assert.deepEqual([...found(engine, kind as Kind)].sort(byPlace), recorded[name]));

  it("binds the Roles of kube-system and kube-public to the components", () =>
    assert.deepEqual(
      found(engine, RoleBinding).map(({ namespace, name }) => `${namespace}/${name}`),
      [
        "kube-public/system:controller:bootstrap-signer",
        "kube-system/system::extension-apiserver-authentication-reader",
        "kube-system/system::leader-locking-kube-controller-manager",
        "kube-system/system::leader-locking-kube-scheduler",
        "kube-system/system:controller:bootstrap-signer",
        "kube-system/system:controller:cloud-provider",
        "kube-system/system:controller:token-cleaner",
      ],
    ));
});

describe("a restarted kube-apiserver", () => {
  const key = { namespace: "", name: "system:discovery" };
  const rules = (engine: Engine): readonly PolicyRule[] =>
    engine.client("kubernetes-admin").get(ClusterRole, key).rules ?? [];
  const restart = (engine: Engine) =>
    reconcilePolicy(engine.client("system:apiserver"), bootstrapPolicy);

  it("adds the rules that were taken away, and keeps those that were added", () => {
    const engine = makeEngine();
    const mine = { verbs: ["get"], nonResourceURLs: ["/mine"] };
    engine.client("kubernetes-admin").patch(ClusterRole, key, { rules: [mine] });
    restart(engine);
    assert.deepEqual(rules(engine)[0], mine);
    assert.equal(rules(engine).length, 12);
  });

  it("leaves a role alone that is not to be updated", () => {
    const engine = makeEngine();
    const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
    engine
      .client("kubernetes-admin")
      .patch(ClusterRole, key, { metadata: { annotations }, rules: null });
    restart(engine);
    assert.deepEqual(rules(engine), []);
  });

  it("makes a binding anew that was deleted", () => {
    const engine = makeEngine();
    const admin = engine.client("kubernetes-admin");
    admin.delete(ClusterRoleBinding, key);
    restart(engine);
    assert.equal(admin.get(ClusterRoleBinding, key).roleRef.name, "system:discovery");
  });

  it("writes nothing if nothing is missing", () => {
    const engine = makeEngine();
    const { revision } = engine.store;
    restart(engine);
    assert.equal(engine.store.revision, revision);
  });
});

function byPlace(a: Recorded, b: Recorded): number {
  const [left, right] = [a, b].map(({ namespace = "", name }) => `${namespace}/${name}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
