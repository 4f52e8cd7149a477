import assert from "node:assert/strict";
import type { Kind } from "../../../../src/api/kind.ts";
import { ConfigMap } from "../../../../src/api/kinds/configMap.ts";
import { PersistentVolumeClaim } from "../../../../src/api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import { ResourceQuota } from "../../../../src/api/kinds/resourceQuota.ts";
import { Secret } from "../../../../src/api/kinds/secret.ts";
import { Service } from "../../../../src/api/kinds/service.ts";
import type { KubeObject } from "../../../../src/api/object.ts";
import type { PodSpec, ResourceQuotaSpec, ServiceSpec } from "../../../../src/api/types.ts";
import { Engine } from "../../../../src/engine/engine.ts";

const namespace = "default";

class Scene {
  readonly engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });

  constructor(spec: ResourceQuotaSpec) {
    this.settle();
    this.create(ResourceQuota, "q", { spec });
    this.settle();
  }

  get client() {
    return this.engine.client("kubernetes-admin");
  }

  get used() {
    return this.client.get(ResourceQuota, { namespace, name: "q" }).status?.used;
  }

  settle(): void {
    this.engine.clock.run(1_000);
  }

  /** @returns why it was refused, "" if it wasn't */
  create<T extends KubeObject>(kind: Kind<T>, name: string, rest: object, dryRun = false): string {
    const { apiVersion, gvk } = kind;
    const object = { apiVersion, kind: gvk.kind, metadata: { name, namespace }, ...rest };
    return refusal(() =>
      this.client.create(kind, object as unknown as T, dryRun ? { dryRun } : undefined),
    );
  }

  pod(name: string, resources: object = {}, spec: Partial<PodSpec> = {}, dryRun = false): string {
    const containers = [{ name: "c", image: "i", resources }];
    return this.create(Pod, name, { spec: { containers, ...spec } }, dryRun);
  }

  service(name: string, spec: Partial<ServiceSpec>): string {
    return this.create(Service, name, { spec: { ports: [{ port: 80 }], ...spec } });
  }

  claim(name: string, storage: string, storageClassName: string): string {
    const accessModes = ["ReadWriteOnce"];
    const resources = { requests: { storage } };
    const spec = { accessModes, resources, storageClassName };
    return this.create(PersistentVolumeClaim, name, { spec });
  }
}

function refusal(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a quota", () => {
  it("counts what is there when it comes", () => {
    const scene = new Scene({ hard: { configmaps: "5", "count/serviceaccounts": "5", pods: "1" } });
    assert.deepEqual(scene.used, { configmaps: "1", "count/serviceaccounts": "1", pods: "0" });
  });

  it("is charged at once, request by request", () => {
    const scene = new Scene({ hard: { secrets: "2" } });
    assert.equal(scene.create(Secret, "a", {}), "");
    assert.deepEqual(scene.used, { secrets: "1" });
    assert.equal(scene.create(Secret, "b", {}), "");
    assert.equal(
      scene.create(Secret, "c", {}),
      'secrets "c" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=2, limited: secrets=2',
    );
  });

  it("takes back what is deleted", () => {
    const scene = new Scene({ hard: { "count/configmaps": "3" } });
    scene.create(ConfigMap, "m", {});
    scene.settle();
    scene.client.delete(ConfigMap, { namespace, name: "m" });
    scene.settle();
    assert.deepEqual(scene.used, { "count/configmaps": "1" });
  });

  it("is not charged for a dry run", () => {
    const scene = new Scene({ hard: { pods: "1" } });
    assert.equal(scene.pod("p", {}, {}, true), "");
    assert.deepEqual(scene.used, { pods: "0" });
  });

  it("wants Pods to say what it limits", () => {
    const scene = new Scene({ hard: { "requests.cpu": "1", "limits.memory": "1Gi", pods: "2" } });
    assert.equal(
      scene.pod("p"),
      'pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    );
    assert.equal(
      scene.pod("p", { requests: { cpu: "2" }, limits: { memory: "64Mi" } }),
      'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1',
    );
    assert.equal(scene.pod("p", { requests: { cpu: "500m" }, limits: { memory: "64Mi" } }), "");
    assert.deepEqual(scene.used, { "limits.memory": "64Mi", pods: "1", "requests.cpu": "500m" });
  });

  it("forgets Pods that are over, but for their number", () => {
    const scene = new Scene({ hard: { pods: "1", "count/pods": "3" } });
    scene.pod("p");
    assert.match(scene.pod("q"), /exceeded quota: q, requested: pods=1, used: pods=1/);
    const pod = scene.client.get(Pod, { namespace, name: "p" });
    scene.client.updateStatus(Pod, { ...pod, status: { ...pod.status, phase: "Succeeded" } });
    scene.settle();
    assert.deepEqual(scene.used, { "count/pods": "1", pods: "0" });
    assert.equal(scene.pod("q"), "");
  });

  for (const [scope, inside, outside] of [
    ["Terminating", { activeDeadlineSeconds: 5 }, {}],
    ["NotTerminating", {}, { activeDeadlineSeconds: 5 }],
    ["PriorityClass", { priorityClassName: "system-node-critical" }, {}],
    [
      "CrossNamespacePodAffinity",
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "k", labelSelector: {}, namespaces: ["other"] },
            ],
          },
        },
      },
      {},
    ],
  ] as const)
    it(`counts only what is in its scope ${scope}`, () => {
      const scene = new Scene({ hard: { pods: "5" }, scopes: [scope] });
      assert.equal(scene.pod("in", {}, inside as Partial<PodSpec>), "");
      assert.equal(scene.pod("out", {}, outside as Partial<PodSpec>), "");
      assert.deepEqual(scene.used, { pods: "1" });
    });

  it("counts by quality of service", () => {
    const scene = new Scene({ hard: { pods: "5" }, scopes: ["BestEffort"] });
    scene.pod("best", {});
    scene.pod("better", { requests: { cpu: "1" } });
    assert.deepEqual(scene.used, { pods: "1" });
  });

  it("selects by the names of priority classes", () => {
    const scene = new Scene({
      hard: { pods: "0" },
      scopeSelector: {
        matchExpressions: [
          { scopeName: "PriorityClass", operator: "In", values: ["system-node-critical"] },
        ],
      },
    });
    assert.equal(scene.pod("plain"), "");
    assert.match(
      scene.pod("critical", {}, { priorityClassName: "system-node-critical" }),
      /exceeded/,
    );
  });

  // The Service `kubernetes` is there from the start.
  it("counts node ports and balancers, also when a Service changes", () => {
    const scene = new Scene({
      hard: { services: "5", "services.nodeports": "2", "services.loadbalancers": "0" },
    });
    const used = () => scene.used;
    assert.equal(scene.service("plain", {}), "");
    assert.equal(scene.service("ports", { type: "NodePort" }), "");
    assert.deepEqual(used(), {
      services: "3",
      "services.loadbalancers": "0",
      "services.nodeports": "1",
    });
    assert.equal(
      scene.service("balanced", { type: "LoadBalancer" }),
      'services "balanced" is forbidden: exceeded quota: q, requested: services.loadbalancers=1, used: services.loadbalancers=0, limited: services.loadbalancers=0',
    );
    scene.client.patch(Service, { namespace, name: "plain" }, { spec: { type: "NodePort" } });
    assert.deepEqual(used(), {
      services: "3",
      "services.loadbalancers": "0",
      "services.nodeports": "2",
    });
    const spec = { type: "ClusterIP", externalTrafficPolicy: null, ports: [{ port: 80 }] };
    scene.client.patch(Service, { namespace, name: "plain" }, { spec });
    scene.settle();
    assert.deepEqual(used(), {
      services: "3",
      "services.loadbalancers": "0",
      "services.nodeports": "1",
    });
  });

  it("counts storage, in all and by class", () => {
    const gold = "gold.storageclass.storage.k8s.io/";
    const scene = new Scene({
      hard: {
        persistentvolumeclaims: "5",
        "requests.storage": "10Gi",
        [`${gold}requests.storage`]: "2Gi",
        [`${gold}persistentvolumeclaims`]: "5",
      },
    });
    assert.equal(scene.claim("a", "2Gi", "gold"), "");
    assert.equal(scene.claim("b", "3Gi", "silver"), "");
    assert.equal(
      scene.claim("c", "1Gi", "gold"),
      `persistentvolumeclaims "c" is forbidden: exceeded quota: q, requested: ${gold}requests.storage=1Gi, used: ${gold}requests.storage=2Gi, limited: ${gold}requests.storage=2Gi`,
    );
    assert.deepEqual(scene.used, {
      [`${gold}persistentvolumeclaims`]: "1",
      [`${gold}requests.storage`]: "2Gi",
      persistentvolumeclaims: "2",
      "requests.storage": "5Gi",
    });
  });

  it("is not kept before it has counted", () => {
    const scene = new Scene({ hard: { pods: "5" } });
    scene.create(ResourceQuota, "late", { spec: { hard: { pods: "0" } } });
    assert.equal(scene.pod("p"), "");
    scene.settle();
    assert.match(scene.pod("r"), /exceeded quota: late/);
  });

  it("follows its own spec", () => {
    const scene = new Scene({ hard: { pods: "5" } });
    scene.client.patch(ResourceQuota, { namespace, name: "q" }, { spec: { hard: { pods: "0" } } });
    scene.settle();
    assert.equal(
      scene.pod("p"),
      'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    );
  });
});
