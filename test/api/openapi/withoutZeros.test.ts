import assert from "node:assert/strict";
import { withoutZeros } from "../../../src/api/openapi/withoutZeros.ts";
import { decode } from "../../../src/api/schema.ts";

describe("what is kept of an object", () => {
  for (const [claim, spec, expected] of [
    [
      "values that are zero go",
      { hostNetwork: false, priorityClassName: "", nodeName: "n" },
      { nodeName: "n" },
    ],
    [
      "pointers stay, for they say that somebody chose",
      { automountServiceAccountToken: false, terminationGracePeriodSeconds: 0 },
      { automountServiceAccountToken: false, terminationGracePeriodSeconds: 0 },
    ],
    ["lists and maps without entries go", { tolerations: [], nodeSelector: {} }, {}],
    ["what every object has stays", { containers: [] }, { containers: [] }],
    [
      "structs stay, empty or not",
      { volumes: [{ name: "v", emptyDir: {} }], securityContext: {} },
      { volumes: [{ name: "v", emptyDir: {} }], securityContext: {} },
    ],
    [
      "elements stay, and are looked into",
      { containers: [{ name: "c", tty: false, args: [""], env: [{ name: "E", value: "" }] }] },
      { containers: [{ name: "c", args: [""], env: [{ name: "E" }] }] },
    ],
  ] as const)
    it(claim, () => assert.deepEqual(withoutZeros({ spec }, "v1", "Pod"), { spec: expected }));

  it("entries of maps stay, whatever they say", () => {
    const map = { metadata: { name: "m", labels: {} }, data: { empty: "" } };
    assert.deepEqual(withoutZeros(map, "v1", "ConfigMap"), {
      metadata: { name: "m" },
      data: { empty: "" },
    });
  });

  it("a port that may be a name stays even if it is 0", () => {
    const service = { spec: { ports: [{ port: 80, targetPort: 0, nodePort: 0 }] } };
    assert.deepEqual(withoutZeros(service, "v1", "Service"), {
      spec: { ports: [{ port: 80, targetPort: 0 }] },
    });
  });

  it("is the same object if nothing goes, and all of a kind that is not built in", () => {
    const pod = { spec: { nodeName: "n", containers: [{ name: "c" }] } };
    assert.equal(withoutZeros(pod, "v1", "Pod"), pod);
    const gadget = { spec: { size: 0 } };
    assert.equal(withoutZeros(gadget, "example.com/v1", "Gadget"), gadget);
  });

  it("is decoded without zeros, but with lists and maps for the checks to see", () => {
    const decoded = decode(
      { spec: { hostNetwork: false, tolerations: [], containers: [] } },
      "v1",
      "Pod",
    );
    assert.ok(decoded && "spec" in decoded.object);
    assert.deepEqual(decoded.object.spec, { tolerations: [], containers: [] });
  });
});
