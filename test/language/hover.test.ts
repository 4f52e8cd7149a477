import assert from "node:assert/strict";
import { Documentation } from "../../src/api/openapi/documentation.ts";
import { hoverAt } from "../../src/language/hover.ts";
import { parseManifest } from "../../src/language/manifest.ts";

const documentation = new Documentation(() => ({
  definitions: { "core.v1.Container": ["", { image: "Container image name." }] },
  parameters: {},
}));

function hover(marked: string) {
  const offset = marked.indexOf("|");
  const [document] = parseManifest(marked.replace("|", ""));
  return document && hoverAt(document, offset, documentation);
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

  it("says nothing of what is no field", () => {
    assert.equal(hover(`${head}    unk|nown: 1\n`), undefined);
    assert.equal(hover("a: |b\n"), undefined);
  });
});
