import assert from "node:assert/strict";
import type { Kind } from "../../src/api/kind.ts";
import { ConfigMap } from "../../src/api/kinds/configMap.ts";
import { Deployment } from "../../src/api/kinds/deployment.ts";
import { builtInKinds } from "../../src/api/kinds/index.ts";
import { Job } from "../../src/api/kinds/job.ts";
import { Namespace } from "../../src/api/kinds/namespace.ts";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import { Service } from "../../src/api/kinds/service.ts";
import type { KubeObject } from "../../src/api/object.ts";
import { minute } from "../../src/base/time.ts";
import { defaultCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";

const containers = [{ name: "app", image: "nginx:1.27" }];
const template = { metadata: { labels: { app: "web" } }, spec: { containers } };

const made: readonly [Kind, object][] = [
  [Namespace, { metadata: { name: "shop", labels: { team: "a" } } }],
  [ConfigMap, { metadata: { namespace: "shop", name: "settings" }, data: { a: "b" } }],
  [
    Service,
    {
      metadata: { namespace: "shop", name: "web" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
  ],
  [Pod, { metadata: { namespace: "default", name: "lone" }, spec: { containers } }],
  [
    Deployment,
    {
      metadata: { namespace: "shop", name: "web" },
      spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template },
    },
  ],
  [
    Job,
    {
      metadata: { namespace: "shop", name: "once" },
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "app", image: "busybox", command: ["true"] }],
          },
        },
      },
    },
  ],
];

function cluster(): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: defaultCluster });
  engine.clock.run(minute);
  return engine;
}

function apply(engine: Engine, objects: readonly KubeObject[]): void {
  const client = engine.client("kubernetes-admin");
  for (const object of objects) {
    const kind = builtInKinds.find(
      ({ apiVersion, gvk }) => apiVersion === object.apiVersion && gvk.kind === object.kind,
    );
    assert.ok(kind);
    client.create(kind, object);
  }
}

describe("an export of a cluster", () => {
  it("of a new cluster is empty", () => {
    assert.deepEqual(cluster().exportObjects(), []);
  });

  it("holds what people made, in an order that can be applied, and comes out the same again", () => {
    const first = cluster();
    apply(
      first,
      made.map(
        ([{ apiVersion, gvk }, object]) =>
          ({ apiVersion, kind: gvk.kind, ...object }) as KubeObject,
      ),
    );
    first.clock.run(5 * minute);
    const exported = first.exportObjects();
    assert.deepEqual(
      exported.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [
        "Namespace shop",
        "ConfigMap settings",
        "Service web",
        "Pod lone",
        "Deployment web",
        "Job once",
      ],
    );
    const second = cluster();
    apply(second, exported);
    second.clock.run(5 * minute);
    assert.deepEqual(second.exportObjects(), exported);
  });

  it("says nothing that only a server knows", () => {
    const engine = cluster();
    apply(engine, [{ apiVersion: "v1", kind: "Pod", ...(made[3]?.[1] as object) } as KubeObject]);
    engine.clock.run(minute);
    const [pod] = engine.exportObjects();
    assert.deepEqual(pod?.metadata, { name: "lone", namespace: "default" });
    assert.doesNotMatch(JSON.stringify(pod), /nodeName|kube-api-access|status|tolerations/);
  });
});
