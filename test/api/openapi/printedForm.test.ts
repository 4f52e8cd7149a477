import assert from "node:assert/strict";
import { printedForm } from "../../../src/api/openapi/printedForm.ts";

describe("an object as clients read it", () => {
  for (const [claim, apiVersion, kind, object, expected] of [
    [
      "says of a role without rules that they are null",
      "rbac.authorization.k8s.io/v1",
      "Role",
      { metadata: { name: "r" } },
      { metadata: { name: "r" }, rules: null },
    ],
    [
      "says null of lists that are empty, too",
      "discovery.k8s.io/v1",
      "EndpointSlice",
      { addressType: "IPv4", endpoints: [] },
      { addressType: "IPv4", endpoints: null, ports: null },
    ],
    [
      "has the times that a struct holds by value",
      "v1",
      "Pod",
      {
        spec: { containers: [{ name: "c" }] },
        status: { conditions: [{ type: "Ready", status: "True" }] },
      },
      {
        spec: { containers: [{ name: "c" }] },
        status: {
          conditions: [
            { type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: null },
          ],
        },
      },
    ],
    [
      "counts what nobody has counted",
      "policy/v1",
      "PodDisruptionBudget",
      { status: {} },
      { status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 } },
    ],
  ] as const)
    it(claim, () => assert.deepEqual(printedForm(object, apiVersion, kind), expected));

  it("is the same if there is nothing to add, or the kind is not built in", () => {
    const map = { metadata: { name: "m" }, data: { a: "b" } };
    assert.equal(printedForm(map, "v1", "ConfigMap"), map);
    const gadget = { spec: {} };
    assert.equal(printedForm(gadget, "example.com/v1", "Gadget"), gadget);
  });

  it("is worked out once for an object", () => {
    const role = { metadata: { name: "r" } };
    const [first, second] = [1, 2].map(() =>
      printedForm(role, "rbac.authorization.k8s.io/v1", "Role"),
    );
    assert.equal(first, second);
  });
});
