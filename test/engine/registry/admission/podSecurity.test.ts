import assert from "node:assert/strict";
import { Deployment } from "../../../../src/api/kinds/deployment.ts";
import { Namespace } from "../../../../src/api/kinds/namespace.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import type { ApiResponse } from "../../../../src/api/request.ts";
import type { Status } from "../../../../src/api/status.ts";
import type { Pod as PodObject } from "../../../../src/api/types.ts";
import { userNamed } from "../../../../src/api/user.ts";
import { Engine } from "../../../../src/engine/engine.ts";

const admin = userNamed("kubernetes-admin");
const enforce = "pod-security.kubernetes.io/enforce";

function makeEngine(labels: Readonly<Record<string, string>>): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });
  engine.client("kubernetes-admin").create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "x", labels },
    spec: {},
  });
  engine.clock.run(1_000);
  return engine;
}

function pod(name: string, spec: Partial<PodObject["spec"]> = {}): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "x" },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  };
}

function create(
  engine: Engine,
  { apiVersion, plural }: { readonly apiVersion: string; readonly plural: string },
  body: object,
): ApiResponse {
  return engine.apiServer.handle(admin, {
    verb: "create",
    apiVersion,
    resource: plural,
    namespace: "x",
    body,
  });
}

function relabel(engine: Engine, labels: Readonly<Record<string, string>>): ApiResponse {
  return engine.apiServer.handle(admin, {
    verb: "patch",
    apiVersion: "v1",
    resource: "namespaces",
    namespace: "",
    name: "x",
    patchType: "merge",
    body: { metadata: { labels } },
  });
}

describe("PodSecurity", () => {
  it("refuses a Pod that falls short of what its namespace enforces", () => {
    const engine = makeEngine({ [enforce]: "baseline" });
    const { code, body } = create(engine, Pod, pod("p", { hostPID: true }));
    assert.equal(code, 403);
    assert.equal(
      (body as Status).message,
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    );
  });

  it("warns where it only warns", () => {
    const engine = makeEngine({ "pod-security.kubernetes.io/warn": "baseline" });
    const { code, warnings } = create(engine, Pod, pod("p", { hostPID: true }));
    assert.equal(code, 201);
    assert.deepEqual(warnings, [
      'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    ]);
  });

  it("warns of a workload whose Pods it will refuse", () => {
    const labels = { app: "d" };
    const template = { metadata: { labels }, spec: pod("p", { hostPID: true }).spec };
    const { code, warnings } = create(makeEngine({ [enforce]: "baseline" }), Deployment, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "x" },
      spec: { selector: { matchLabels: labels }, template },
    });
    assert.equal(code, 201);
    assert.deepEqual(warnings, [
      'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    ]);
  });

  it("lets a Pod be that was there before, as long as it doesn't matter", () => {
    const engine = makeEngine({});
    create(engine, Pod, pod("p", { hostPID: true }));
    relabel(engine, { [enforce]: "baseline" });
    const patch = (body: object) =>
      engine.apiServer.handle(admin, {
        verb: "patch",
        apiVersion: "v1",
        resource: "pods",
        namespace: "x",
        name: "p",
        patchType: "strategic",
        body,
      }).code;
    assert.equal(patch({ metadata: { labels: { a: "b" } } }), 200);
    assert.equal(patch({ spec: { containers: [{ name: "c", image: "j" }] } }), 403);
  });

  it("tells who falls short of a new level", () => {
    const engine = makeEngine({});
    for (const name of ["b", "a", "c"]) create(engine, Pod, pod(name, { hostPID: true }));
    create(engine, Pod, pod("d", { hostNetwork: true, hostPID: true }));
    create(engine, Pod, pod("e", { volumes: [{ name: "v", hostPath: { path: "/" } }] }));
    create(engine, Pod, pod("fine"));
    const { code, warnings } = relabel(engine, { [enforce]: "baseline" });
    assert.equal(code, 200);
    assert.deepEqual(warnings, [
      'existing pods in namespace "x" violate the new PodSecurity enforce level "baseline:latest"',
      "a (and 3 other pods): host namespaces",
      "e: hostPath volumes",
    ]);
    assert.deepEqual(relabel(engine, { [enforce]: "privileged" }).warnings, []);
  });

  it("refuses labels that mean nothing", () => {
    const { code, body } = relabel(makeEngine({}), { [enforce]: "bogus" });
    assert.equal(code, 422);
    assert.equal(
      (body as Status).message,
      'Namespace "x" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "bogus": must be one of privileged, baseline, restricted',
    );
  });
});
