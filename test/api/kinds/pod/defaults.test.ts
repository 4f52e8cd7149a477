import assert from "node:assert/strict";
import { setPodDefaults } from "../../../../src/api/kinds/pod/defaults.ts";
import { imageTag } from "../../../../src/api/kinds/pod/imageReference.ts";
import type { Pod, PodSpec } from "../../../../src/api/types.ts";
import { draft } from "../../../../src/base/draft.ts";

function defaulted(spec: Partial<PodSpec>): PodSpec {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web" },
    spec: { containers: [{ name: "main", image: "app" }], ...spec },
  };
  const result = draft(pod);
  setPodDefaults(result);
  return result.spec as PodSpec;
}

describe("a new Pod", () => {
  it("gets what every Pod has", () =>
    assert.deepEqual(defaulted({}), {
      containers: [
        {
          name: "main",
          image: "app",
          imagePullPolicy: "Always",
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
        },
      ],
      dnsPolicy: "ClusterFirst",
      enableServiceLinks: true,
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    }));

  it("requests what it is limited to", () => {
    const limits = { cpu: "1", memory: "0.5Gi" };
    const resources = { limits, requests: { cpu: "100u" } };
    const { containers } = defaulted({ containers: [{ name: "main", resources }] });
    assert.deepEqual(containers[0]?.resources?.requests, { cpu: "1m", memory: "512Mi" });
  });

  it("requests as a whole what its containers do, where it is limited as a whole", () => {
    const { resources } = defaulted({
      resources: { limits: { cpu: "4", memory: "2Gi" } },
      containers: [
        { name: "a", resources: { requests: { cpu: "1" } } },
        { name: "b", resources: { requests: { cpu: "500m" } } },
      ],
    });
    assert.deepEqual(resources?.requests, { cpu: "1500m", memory: "2Gi" });
  });

  it("takes its ports from the host with host networking", () => {
    const ports = [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081 }];
    const { containers } = defaulted({ hostNetwork: true, containers: [{ name: "main", ports }] });
    assert.deepEqual(
      containers[0]?.ports?.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`),
      ["80/TCP", "8081/TCP"],
    );
  });

  it("has probes with all their numbers", () => {
    const readinessProbe = { httpGet: { port: 80 } };
    const { containers } = defaulted({ containers: [{ name: "main", readinessProbe }] });
    assert.deepEqual(containers[0]?.readinessProbe, {
      httpGet: { port: 80, path: "/", scheme: "HTTP" },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    });
  });

  it("has an emptyDir where a volume names no source", () =>
    assert.deepEqual(defaulted({ volumes: [{ name: "data" }] }).volumes, [
      { name: "data", emptyDir: {} },
    ]));
});

describe("an image reference", () => {
  for (const [image, tag] of [
    ["nginx", "latest"],
    ["nginx:1.27", "1.27"],
    ["localhost:5000/app", "latest"],
    ["registry.example.com/team/app:v1", "v1"],
    [`app@sha256:${"a".repeat(64)}`, ""],
    [`app:v1@sha256:${"a".repeat(64)}`, "v1"],
    ["Not An Image", ""],
    ["", ""],
  ] as const)
    it(`${image} means the tag ${JSON.stringify(tag)}`, () => assert.equal(imageTag(image), tag));
});
