// What etcd's troubles look like from the API server's side.
import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { isReady, Node } from "../../../src/api/kinds/node.ts";
import type { ApiRequest, ApiResponse } from "../../../src/api/request.ts";
import type { Status } from "../../../src/api/status.ts";
import { userNamed } from "../../../src/api/user.ts";
import { minute, second } from "../../../src/base/time.ts";
import { defaultCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { healthAnswer } from "../../../src/engine/http/health.ts";

const admin = userNamed("kubernetes-admin");
const configMaps = { apiVersion: "v1", resource: "configmaps", namespace: "default" } as const;
const m1 = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m1" } };

describe("an outage of etcd", () => {
  function outage() {
    const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: defaultCluster });
    engine.setEtcdMembers(3);
    engine.clock.run(30 * second);
    const handle = (request: Omit<ApiRequest, keyof typeof configMaps>): ApiResponse =>
      engine.apiServer.handle(admin, { ...configMaps, ...request });
    handle({ verb: "create", body: m1 });
    const stopped = engine.etcd.cluster
      .status()
      .slice(1)
      .map(({ name }) => name);
    for (const member of stopped) engine.faults.inject({ type: "stopEtcdMember", member });
    return { engine, handle, stopped };
  }

  const { engine, handle, stopped } = outage();

  for (const [claim, request, code, message] of [
    [
      "a create fails in etcd's words",
      { verb: "create", body: { ...m1, metadata: { name: "m2" } } },
      500,
      "etcdserver: request timed out",
    ],
    [
      "an update too",
      { verb: "update", name: "m1", body: { ...m1, data: { a: "b" } } },
      500,
      "etcdserver: request timed out",
    ],
    ["a delete too", { verb: "delete", name: "m1" }, 500, "etcdserver: request timed out"],
    [
      "a read of the newest state runs out of time",
      { verb: "get", name: "m1" },
      504,
      "Timeout: request did not complete within the allotted timeout",
    ],
    [
      "so does a list of it",
      { verb: "list" },
      504,
      "Timeout: request did not complete within the allotted timeout",
    ],
    [
      "an update that changes nothing must know the newest state",
      { verb: "patch", name: "m1", patchType: "merge", body: {} },
      504,
      "Timeout: request did not complete within the allotted timeout",
    ],
  ] as const)
    it(claim, () => {
      const answer = handle(request);
      const status = answer.body as Status;
      assert.deepEqual([answer.code, status.message], [code, message]);
      assert.equal(status.reason, code === 500 ? undefined : "Timeout");
    });

  it("the watch cache still answers who does not ask for the newest state", () => {
    const options = { resourceVersion: "0" };
    assert.equal(handle({ verb: "list", options }).code, 200);
    assert.equal(handle({ verb: "get", name: "m1", options }).code, 200);
    engine.apiServer.watch(admin, { ...configMaps, verb: "watch" }, () => undefined).dispose();
  });

  it("kubectl get componentstatuses says so", () => {
    const etcd = { ...configMaps, resource: "componentstatuses", namespace: "", name: "etcd-0" };
    const { body } = engine.apiServer.handle(admin, { ...etcd, verb: "get" });
    const { conditions } = body as { readonly conditions: readonly { readonly message: string }[] };
    assert.deepEqual(
      conditions.map(({ message }) => message),
      ["error getting data from etcd: context deadline exceeded"],
    );
  });

  for (const [path, code, text] of [
    ["/livez", 500, "[-]etcd failed: reason withheld"],
    ["/readyz", 500, "[-]etcd-readiness failed: reason withheld"],
    [
      "/livez/etcd",
      500,
      "internal server error: error getting data from etcd: context deadline exceeded",
    ],
    ["/livez/ping", 200, "ok"],
  ] as const)
    it(`${path} answers ${code}`, () => {
      const failureOf = (check: string) =>
        check.startsWith("etcd") ? engine.apiServer.etcdHealth() : undefined;
      const answer = healthAnswer(path, new URLSearchParams(), failureOf);
      assert.ok(answer && typeof answer.body === "string");
      assert.equal(answer.status, code);
      assert.ok(answer.body.includes(text), answer.body);
    });

  it("everything heals once there is a majority", () => {
    engine.clock.run(10 * minute);
    for (const member of stopped) engine.faults.heal({ type: "stopEtcdMember", member });
    engine.clock.run(2 * minute);
    assert.equal(engine.apiServer.etcdHealth(), undefined);
    assert.equal(
      handle({ verb: "update", name: "m1", body: { ...m1, data: { a: "c" } } }).code,
      200,
    );
    assert.ok(engine.client("kubernetes-admin").list(Node).items.every(isReady));
    assert.ok(engine.client("kubernetes-admin").list(ConfigMap).items.length > 0);
  });

  it("the faults of a member that leaves are forgotten", () => {
    const [member = ""] = stopped;
    engine.faults.inject({ type: "stopEtcdMember", member });
    engine.setEtcdMembers(1);
    assert.deepEqual(engine.faults.list(), []);
  });
});
