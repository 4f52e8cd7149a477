import assert from "node:assert/strict";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import { RuntimeClass } from "../../../../src/api/kinds/runtimeClass.ts";
import { refusal, Scene } from "./scene.ts";

const containers = [{ name: "c", image: "i" }];

function makeScene(): Scene {
  const scene = new Scene();
  scene.make(RuntimeClass, "plain", { handler: "runc" });
  scene.make(RuntimeClass, "vm", {
    handler: "kata",
    overhead: { podFixed: { cpu: "250m", memory: "120Mi" } },
    scheduling: {
      nodeSelector: { runtime: "kata" },
      tolerations: [{ key: "vm", operator: "Exists" }],
    },
  });
  return scene;
}

describe("RuntimeClass", () => {
  it("says what a Pod costs beside its containers, and where it can run", () => {
    const { spec } = makeScene().make(Pod, "p", {
      spec: {
        containers,
        runtimeClassName: "vm",
        nodeSelector: { disk: "ssd" },
        tolerations: [
          { key: "vm", operator: "Equal", value: "small" },
          { key: "gpu", operator: "Exists" },
        ],
      },
    });
    assert.deepEqual(spec.overhead, { cpu: "250m", memory: "120Mi" });
    assert.deepEqual(spec.nodeSelector, { disk: "ssd", runtime: "kata" });
    assert.deepEqual(
      spec.tolerations?.filter(({ effect }) => effect === undefined),
      [
        { key: "gpu", operator: "Exists" },
        { key: "vm", operator: "Exists" },
      ],
    );
  });

  it("refuses Pods that contradict it", () => {
    const scene = makeScene();
    const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
    const table = [
      [{ runtimeClassName: "none" }, 'pod rejected: RuntimeClass "none" not found'],
      [{ runtimeClassName: "vm", overhead: { cpu: "1" } }, mismatch],
      [{ runtimeClassName: "vm", overhead: { cpu: "0.25", memory: "120Mi" } }, ""],
      [
        { runtimeClassName: "plain", overhead: { cpu: "1" } },
        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
      ],
      [
        { overhead: { cpu: "1" } },
        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
      ],
      [
        { runtimeClassName: "vm", nodeSelector: { runtime: "runc" } },
        "conflict: runtimeClass.scheduling.nodeSelector[runtime] = kata; pod.spec.nodeSelector[runtime] = runc",
      ],
    ] as const;
    for (const [spec, message] of table)
      assert.equal(
        refusal(() => scene.make(Pod, "p", { spec: { containers, ...spec } })),
        message && `pods "p" is forbidden: ${message}`,
      );
  });
});
