import assert from "node:assert/strict";
import { Documentation } from "../../src/api/openapi/documentation.ts";
import { hoverAt } from "../../src/language/hover.ts";

const documentation = new Documentation(() => ({
  definitions: { "core.v1.Container": ["", { image: "Container image name." }] },
  parameters: {},
}));

function hover(marked: string) {
  const offset = marked.indexOf("|");
  return hoverAt(marked.replace("|", ""), offset, { documentation });
}

const head =
  "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: a\n";

describe("hover", () => {
  it("names path, type and the field's own words", () => {
    const found = hover(`${head}    im|age: nginx\n`);
    assert.equal(found?.path, "spec.containers[0].image");
    assert.equal(found?.type, "string");
    assert.equal(found?.text, "Container image name.");
  });

  it("lists choices, and says what is required", () => {
    assert.deepEqual(
      hover(`${head}  restart|Policy: Never\n`)?.choices.includes("OnFailure"),
      true,
    );
    assert.equal(hover(head.replace("containers", "cont|ainers"))?.isRequired, true);
  });

  it("tells what the server makes of a value", () => {
    const found = hover(`${head}    resources: {limits: {memory: 10|24Mi}}\n`);
    assert.equal(found?.effective, "1Gi");
    assert.equal(hover(`${head}    image: ng|inx\n`)?.effective, undefined);
  });

  it("tells what would be there without it, and what the server adds", () => {
    assert.equal(hover(`${head}  restart|Policy: Never\n`)?.default, "Always");
    assert.equal(
      hover(`${head}    ports: [{containerPort: 80, proto|col: UDP}]\n`)?.default,
      "TCP",
    );
    assert.equal(hover(`${head}    im|age: nginx\n`)?.default, undefined);
    const probe = hover(`${head}    image: nginx\n    readiness|Probe: {httpGet: {port: 80}}\n`);
    assert.deepEqual(Object.fromEntries(probe?.added ?? []), {
      failureThreshold: 3,
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 1,
    });
  });

  it("reads past what is half typed", () =>
    assert.equal(hover(`${head}    im|age: nginx\n    por\n`)?.type, "string"));

  it("says nothing of what is no field", () => {
    assert.equal(hover(`${head}    unk|nown: 1\n`), undefined);
    assert.equal(hover("a: |b\n"), undefined);
  });
});
