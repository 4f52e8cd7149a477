// What the subresources that write a Pod let through, and what they say of the rest.
import assert from "node:assert/strict";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../../../src/api/types.ts";
import { messageOf, TestServer } from "./testServer.ts";

const resources = { requests: { cpu: "100m", memory: "64Mi" } };
const manifest = {
  metadata: { name: "p", labels: { app: "x" } },
  spec: {
    containers: [{ name: "c", image: "i", resources }],
    initContainers: [
      { name: "side", image: "i", restartPolicy: "Always", resources },
      { name: "once", image: "i", resources },
    ],
  },
};

function serverWith(pod: object = manifest, status?: object): TestServer {
  const server = new TestServer();
  assert.equal(server.create(Pod, pod).code, 201);
  if (status) assert.equal(server.patch(Pod, "p", { status }, "status").code, 200);
  return server;
}

/** The Pod's spec with one container changed. */
function withContainer(
  list: "containers" | "initContainers",
  change: object,
  index = 0,
): { readonly spec: object } {
  const containers = manifest.spec[list].map((container, i) =>
    i === index ? { ...container, ...change } : container,
  );
  return { spec: { [list]: containers } };
}

function more(cpu: string): object {
  return { resources: { requests: { ...resources.requests, cpu } } };
}

describe("a resize of a Pod", () => {
  it("changes resources and the generation, and nothing else", () => {
    const { spec } = withContainer("containers", more("200m"));
    const change = { metadata: { labels: { app: "y" } }, spec: { ...spec, hostname: "h" } };
    const { body, code } = serverWith().patch(Pod, "p", change, "resize");
    const pod = body as PodObject;
    assert.equal(code, 200);
    assert.equal(pod.spec.containers[0]?.resources?.requests?.cpu, "200m");
    assert.equal(pod.metadata.generation, 2);
    assert.deepEqual([pod.metadata.labels, pod.spec.hostname], [{ app: "x" }, undefined]);
  });

  const refusals: readonly (readonly [string, object, string, object?])[] = [
    [
      "the class of service",
      withContainer("containers", { resources: { ...resources, limits: resources.requests } }),
      "200 p",
    ],
    [
      "requests that would be gone",
      withContainer("containers", { resources: { requests: { cpu: "1" } } }),
      '422 Pod "p" is invalid: spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ],
    [
      "resources that nodes cannot change",
      withContainer("containers", {
        resources: { requests: { ...resources.requests, "ephemeral-storage": "1Gi" } },
      }),
      '422 Pod "p" is invalid: spec: Forbidden: only cpu and memory resources are mutable',
    ],
    [
      "init containers that end",
      withContainer("initContainers", more("1"), 1),
      '422 Pod "p" is invalid: spec: Forbidden: resources for non-sidecar init containers are immutable',
    ],
    ["sidecars", withContainer("initContainers", more("1")), "200 p"],
    [
      "nodes that do not report resources",
      withContainer("containers", more("1")),
      '422 Pod "p" is invalid: spec: Forbidden: Pod running on node without support for resize',
      { containerStatuses: [{ name: "c", state: { running: {} } }] },
    ],
  ];
  for (const [title, change, message, status] of refusals)
    it(`is judged by ${title}`, () =>
      assert.equal(
        messageOf(serverWith(manifest, status).patch(Pod, "p", change, "resize")),
        message,
      ));

  it("may not change the class of service", () => {
    const server = serverWith({
      metadata: { name: "p" },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const change = { spec: { containers: [{ name: "c", image: "i", ...more("1") }] } };
    assert.equal(
      messageOf(server.patch(Pod, "p", change, "resize")),
      '422 Pod "p" is invalid: spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
    );
  });
});

describe("ephemeral containers", () => {
  const debug = { name: "debug", image: "busybox" };

  it("come to a Pod, and nothing else does", () => {
    const change = { spec: { ephemeralContainers: [debug], hostname: "h" } };
    const { code, body } = serverWith().patch(Pod, "p", change, "ephemeralcontainers");
    const { spec, metadata } = body as PodObject;
    assert.equal(code, 200);
    assert.equal(spec.ephemeralContainers?.[0]?.terminationMessagePolicy, "File");
    assert.deepEqual([spec.hostname, metadata.generation], [undefined, 2]);
  });

  it("stay, and stay what they are", () => {
    const server = serverWith();
    const put = (containers: readonly object[]) =>
      server.patch(Pod, "p", { spec: { ephemeralContainers: containers } }, "ephemeralcontainers");
    put([debug]);
    assert.equal(
      messageOf(put([])),
      '422 Pod "p" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n',
    );
    assert.match(
      messageOf(put([{ ...debug, image: "other" }])),
      /existing ephemeral containers "debug" may not be changed\n@@ -1,6 \+1,6 @@\n.*-.*busybox.*\+.*other/s,
    );
  });
});

describe("a Pod's status", () => {
  it("leaves the spec and its owners alone", () => {
    const change = {
      metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "u" }] },
      spec: { nodeName: "n" },
      status: { phase: "Running" },
    };
    const { body } = serverWith().patch(Pod, "p", change, "status");
    const { metadata, spec, status } = body as PodObject;
    assert.deepEqual(
      [metadata.ownerReferences, spec.nodeName, status?.phase, status?.qosClass],
      [undefined, undefined, "Running", "Burstable"],
    );
  });

  it("has its one address in the list of addresses", () => {
    const { body } = serverWith().patch(Pod, "p", { status: { podIP: "10.0.0.1" } }, "status");
    assert.deepEqual((body as PodObject).status?.podIPs, [{ ip: "10.0.0.1" }]);
  });

  const refusals: readonly (readonly [object, string])[] = [
    [
      { qosClass: "Guaranteed" },
      'status.qosClass: Invalid value: "Guaranteed": field is immutable',
    ],
    [
      { podIPs: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }] },
      'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
    ],
    [
      { hostIP: "10.0.0.1", hostIPs: [{ ip: "10.0.0.2" }] },
      'status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`',
    ],
    [
      { resourceClaimStatuses: [{ name: "gpu" }] },
      'status.resourceClaimStatuses[0].name: Invalid value: "gpu": must match the name of an entry in `spec.resourceClaims`',
    ],
    [
      { observedGeneration: -1 },
      "status.observedGeneration: Invalid value: -1: must be a non-negative integer",
    ],
  ];
  for (const [status, message] of refusals)
    it(`refuses ${JSON.stringify(status)}`, () =>
      assert.equal(
        messageOf(serverWith().patch(Pod, "p", { status }, "status")),
        `422 Pod "p" is invalid: ${message}`,
      ));
});

describe("AppArmor profiles", () => {
  const annotation = "container.apparmor.security.beta.kubernetes.io/c";
  const podOf = (annotations: object, securityContext: object): object => ({
    metadata: { name: "p", annotations },
    spec: { containers: [{ name: "c", image: "i", securityContext }] },
  });

  it("of fields are annotations, too", () => {
    const pod = podOf({}, { appArmorProfile: { type: "RuntimeDefault" } });
    const { body } = new TestServer().create(Pod, pod);
    assert.equal((body as PodObject).metadata.annotations?.[annotation], "runtime/default");
  });

  it("of annotations become fields, with a warning", () => {
    const pod = podOf({ [annotation]: "localhost/x" }, {});
    const { body, warnings } = new TestServer().create(Pod, pod);
    assert.deepEqual((body as PodObject).spec.containers[0]?.securityContext?.appArmorProfile, {
      type: "Localhost",
      localhostProfile: "x",
    });
    assert.deepEqual(warnings, [
      `metadata.annotations[${annotation}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    ]);
  });
});
