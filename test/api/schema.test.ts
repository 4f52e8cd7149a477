import assert from "node:assert/strict";
import { decode, decodeFailure } from "../../src/api/schema.ts";

const metadata = { name: "web" };

/** What the server's 400 says of a Pod with this spec. */
function failureOf(spec: unknown): string | undefined {
  const decoded = decode({ apiVersion: "v1", kind: "Pod", metadata, spec }, "v1", "Pod");
  const gvk = { group: "", version: "v1", kind: "Pod" };
  return decoded && decodeFailure(gvk, decoded.problems, true);
}

describe("decoding a Pod", () => {
  const start = 'Pod in version "v1" cannot be handled as a Pod: ';
  const quantityRule =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  for (const [spec, failure] of [
    [{ containers: [] }, undefined],
    [{ containers: null }, undefined],
    [
      { containers: {} },
      "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
    ],
    [
      { hostNetwork: "yes" },
      "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
    ],
    [
      { activeDeadlineSeconds: 1.5 },
      "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64",
    ],
    [
      { nodeSelector: { a: 1 } },
      "json: cannot unmarshal number into Go struct field PodSpec.spec.nodeSelector of type string",
    ],
    [{ overhead: { cpu: "a lot" } }, quantityRule],
    [{ RestartPolicy: "Never" }, 'strict decoding error: unknown field "spec.RestartPolicy"'],
    [
      { a: 1, containers: [{ name: "x", b: 2 }] },
      'strict decoding error: unknown field "spec.a", unknown field "spec.containers[0].b"',
    ],
    [
      { a: 1, hostPID: 1 },
      "json: cannot unmarshal number into Go struct field PodSpec.spec.hostPID of type bool",
    ],
  ] as const)
    it(`${JSON.stringify(spec)} ${failure === undefined ? "is fine" : `says ${failure}`}`, () =>
      assert.equal(failureOf(spec), failure && start + failure));

  it("drops nulls and unknown fields, and writes quantities in their canonical form", () => {
    const spec = {
      unknown: 1,
      nodeName: null,
      containers: [{ name: "app", resources: { requests: { cpu: 0.5, memory: "1024Ki" } } }],
    };
    const { object } = decode({ apiVersion: "v1", kind: "Pod", metadata, spec }, "v1", "Pod") ?? {};
    assert.deepEqual((object as { spec?: unknown } | undefined)?.spec, {
      containers: [{ name: "app", resources: { requests: { cpu: "500m", memory: "1Mi" } } }],
    });
  });

  it("knows no kind that is not built in", () =>
    assert.equal(decode({}, "example.com/v1", "Thing"), undefined));
});
