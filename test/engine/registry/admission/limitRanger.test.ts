import assert from "node:assert/strict";
import { LimitRange } from "../../../../src/api/kinds/limitRange.ts";
import { PersistentVolumeClaim } from "../../../../src/api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import type {
  Container,
  LimitRangeItem,
  Pod as PodObject,
  PodSpec,
  ResourceRequirements,
} from "../../../../src/api/types.ts";
import { Engine } from "../../../../src/engine/engine.ts";

function makeEngine(...ranges: readonly (readonly LimitRangeItem[])[]): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });
  engine.clock.run(1_000);
  for (const [i, limits] of ranges.entries())
    engine.client("kubernetes-admin").create(LimitRange, {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: `l${i}`, namespace: "default" },
      spec: { limits },
    });
  return engine;
}

function create(engine: Engine, resources: ResourceRequirements, spec: Partial<PodSpec> = {}) {
  return engine.client("kubernetes-admin").create(Pod, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: { containers: [{ name: "c", image: "i", resources } as Container], ...spec },
  });
}

function refusal(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const annotationOf = ({ metadata }: PodObject) =>
  metadata.annotations?.["kubernetes.io/limit-ranger"];

describe("LimitRanger fills in", () => {
  it("what a container does not say, and tells of it", () => {
    const engine = makeEngine([
      {
        type: "Container",
        default: { cpu: "200m", memory: "100Mi" },
        defaultRequest: { cpu: "100m" },
      },
    ]);
    const pod = create(engine, {}, { initContainers: [{ name: "first", image: "i" }] });
    assert.deepEqual(pod.spec.containers[0]?.resources, {
      limits: { cpu: "200m", memory: "100Mi" },
      requests: { cpu: "100m", memory: "100Mi" },
    });
    assert.equal(
      annotationOf(pod),
      "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; cpu, memory request for init container first; cpu, memory limit for init container first",
    );
  });

  it("nothing that it says itself", () => {
    const engine = makeEngine([{ type: "Container", default: { cpu: "1" } }]);
    const pod = create(engine, { limits: { cpu: "500m" } });
    assert.deepEqual(pod.spec.containers[0]?.resources, {
      limits: { cpu: "500m" },
      requests: { cpu: "500m" },
    });
    assert.equal(annotationOf(pod), undefined);
  });
});

describe("LimitRanger refuses", () => {
  const forbidden = (cause: string) => `pods "p" is forbidden: ${cause}`;
  for (const [claim, limit, resources, cause] of [
    [
      "too little, and says it all",
      { type: "Container", min: { cpu: "50m" }, max: { cpu: "1" } },
      { requests: { cpu: "10m" }, limits: { cpu: "3" } },
      "[minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 1, but limit is 3]",
    ],
    [
      "no request where there is a least one",
      { type: "Pod", min: { "ephemeral-storage": "1Gi" } },
      {},
      "minimum ephemeral-storage usage per Pod is 1Gi.  No request is specified",
    ],
    [
      "no limit where there is a greatest one",
      { type: "Pod", max: { cpu: "1" } },
      { requests: { cpu: "1" } },
      "maximum cpu usage per Pod is 1.  No limit is specified",
    ],
    [
      "too far between request and limit",
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      { requests: { cpu: "300m" }, limits: { cpu: "1" } },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333",
    ],
    [
      "a ratio of nothing",
      { type: "Container", maxLimitRequestRatio: { memory: "2" } },
      { requests: { cpu: "1" } },
      "memory max limit to request ratio per Container is 2, but no request is specified or request is 0",
    ],
  ] as readonly (readonly [string, LimitRangeItem, ResourceRequirements, string])[])
    it(claim, () =>
      assert.equal(
        refusal(() => create(makeEngine([limit]), resources)),
        forbidden(cause),
      ),
    );

  it("a Pod whose containers are too much together", () => {
    const engine = makeEngine([{ type: "Pod", max: { cpu: "1" } }]);
    const resources = { limits: { cpu: "600m" } };
    const containers = ["a", "b"].map((name) => ({ name, image: "i", resources }) as Container);
    assert.equal(
      refusal(() => create(engine, {}, { containers })),
      forbidden("maximum cpu usage per Pod is 1, but limit is 1200m"),
    );
  });

  it("a claim that asks for too much", () => {
    const engine = makeEngine([{ type: "PersistentVolumeClaim", max: { storage: "1Gi" } }]);
    const claim = () =>
      engine.client("kubernetes-admin").create(PersistentVolumeClaim, {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "v", namespace: "default" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "2Gi" } },
        },
      });
    assert.equal(
      refusal(claim),
      'persistentvolumeclaims "v" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    );
  });
});
