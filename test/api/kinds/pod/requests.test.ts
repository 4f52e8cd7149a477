import assert from "node:assert/strict";
import {
  podRequests,
  type RequestingPod,
  type RequestOptions,
} from "../../../../src/api/kinds/pod/requests.ts";
import { quantityText } from "../../../../src/api/quantity.ts";
import type { Container, PodStatus } from "../../../../src/api/types.ts";

type Requests = Readonly<Record<string, string>>;

function container(name: string, requests: Requests): Container {
  return { name, resources: { requests } };
}

function sidecar(name: string, requests: Requests): Container {
  return { ...container(name, requests), restartPolicy: "Always" };
}

function totals(pod: RequestingPod, options?: RequestOptions): Requests {
  return Object.fromEntries(
    [...podRequests(pod, options)].map(([name, amount]) => [name, quantityText(amount)]),
  );
}

const web = container("web", { cpu: "1", memory: "1Gi" });
const proxy = container("proxy", { cpu: "500m" });

describe("a Pod's requests", () => {
  for (const [claim, spec, expected] of [
    ["are the sum of its containers'", { containers: [web, proxy] }, ["1500m", "1Gi"]],
    [
      "are at least what the largest init container needs",
      { containers: [proxy], initContainers: [web, container("i", { cpu: "2" })] },
      ["2", "1Gi"],
    ],
    [
      "count sidecars beside the containers",
      { containers: [web], initContainers: [sidecar("s", { cpu: "1" })] },
      ["2", "1Gi"],
    ],
    [
      "count the sidecars that run when an init container does",
      {
        containers: [proxy],
        initContainers: [
          container("before", { cpu: "3" }),
          sidecar("s", { cpu: "1" }),
          container("after", { cpu: "2500m" }),
        ],
      },
      ["3500m"],
    ],
    [
      "follow the Pod's own, resource by resource",
      { containers: [web], resources: { requests: { cpu: "4" } } },
      ["4", "1Gi"],
    ],
    [
      "add the overhead to everything",
      {
        containers: [web],
        resources: { requests: { cpu: "4" } },
        overhead: { cpu: "250m", memory: "120Mi" },
      },
      ["4250m", "1144Mi"],
    ],
    [
      "are exact below a thousandth",
      { containers: [container("a", { cpu: "100u" }), container("b", { cpu: "100u" })] },
      ["200u"],
    ],
  ] as const)
    it(claim, () => assert.deepEqual(Object.values(totals({ spec })), expected));

  const resizing = (status: Partial<PodStatus>): RequestingPod => ({
    spec: { containers: [container("web", { cpu: "2" })] },
    status: {
      containerStatuses: [
        {
          name: "web",
          image: "",
          imageID: "",
          ready: true,
          restartCount: 0,
          resources: { requests: { cpu: "1" } },
          allocatedResources: { cpu: "1500m" },
        },
      ],
      ...status,
    },
  });

  it("are the largest of all during a resize", () =>
    assert.deepEqual(totals(resizing({}), { useStatus: true }), { cpu: "2" }));

  it("are what the containers hold if the resize is infeasible", () => {
    const condition = { type: "PodResizePending", status: "True", reason: "Infeasible" };
    const pod = resizing({ conditions: [condition] });
    assert.deepEqual(totals(pod, { useStatus: true }), { cpu: "1500m" });
    assert.deepEqual(totals(pod), { cpu: "2" });
  });
});
