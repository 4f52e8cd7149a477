// What holds for any text, and for any way to break a manifest.
import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../src/language/diagnostics.ts";
import { ManifestChecker } from "../../src/language/manifestChecker.ts";
import { quickFixes } from "../../src/language/quickFix.ts";

const good = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      terminationGracePeriodSeconds: 10
      containers:
        - name: app
          image: nginx:1.27
          ports:
            - containerPort: 80
          resources:
            requests:
              cpu: 100m
          readinessProbe:
            periodSeconds: 5
            httpGet:
              path: /
              port: 80
      nodeSelector:
        disk: ssd
`;

const lines = good.split("\n").filter((line) => line !== "");
/** Lines with a field of the schema: below these maps any key may stand. */
const freeKeys = /^\s+(app|disk|cpu):/;
const fieldLines = lines.filter(
  (line) => !freeKeys.test(line) && !/^(apiVersion|kind):/.test(line),
);

describe("any text", () => {
  it("is checked without an exception, and its problems lie within it", () => {
    const words = fc.constantFrom(
      ...["apiVersion: v1\n", "kind: Pod\n", "metadata:\n", "  name: a\n", "spec:\n", "---\n"],
      ...["  containers:\n", "  - name: x\n", "\t", "{", "}", "[", "]", "&a ", "*a", "<<: ", "'"],
      ...['"', "|\n", ">-\n", "? ", ": ", "# ", "\r\n", "!!binary ", "{{ .Values.a }}", "\u0000"],
    );
    const text = fc
      .array(fc.oneof(words, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 30 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.boolean(), (any, assumesManifest) => {
        const problems = check(any, { assumesManifest });
        for (const problem of problems) {
          assert.ok(problem.start >= 0 && problem.start <= problem.end);
          assert.ok(problem.end <= any.length);
          quickFixes(problem, any);
        }
        assert.deepEqual(new ManifestChecker({ assumesManifest }).check(any), problems);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("a manifest broken at any place", () => {
  it("says so at a misspelt field", () => {
    assert.deepEqual(check(good), []);
    fc.assert(
      fc.property(fc.constantFrom(...fieldLines), (line) => {
        const key = /[A-Za-z]+(?=:)/.exec(line)?.[0] ?? "";
        const at = good.indexOf(`${line}\n`) + line.indexOf(key);
        const broken = `${good.slice(0, at)}${key}Xyz${good.slice(at + key.length)}`;
        const found = check(broken).find(({ start }) => start === at);
        assert.equal(found?.code, "unknownField");
        assert.equal(broken.slice(found.start, found.end), `${key}Xyz`);
      }),
    );
  });

  it("says so at a value of a wrong type", () => {
    const scalars = lines.filter((line) => /: \S/.test(line) && !/^(apiVersion|kind):/.test(line));
    fc.assert(
      fc.property(fc.constantFrom(...scalars), fc.constantFrom("[1]", "{a: 1}"), (line, value) => {
        const at = good.indexOf(`${line}\n`) + line.indexOf(": ") + 2;
        const broken = `${good.slice(0, at)}${value}${good.slice(good.indexOf("\n", at))}`;
        const found = check(broken).find(({ source }) => source === "decode");
        assert.equal(found && broken.slice(found.start, found.end), value);
      }),
    );
  });

  it("finds anything at all when a line is dropped and the server would refuse it", () => {
    for (const line of ["  name: web", "          image: nginx:1.27", "  selector:"])
      assert.notDeepEqual(check(good.replace(`${line}\n`, "")), []);
  });
});
