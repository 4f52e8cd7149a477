import assert from "node:assert/strict";
import { completionsAt } from "../../../src/language/completion/completion.ts";
import { manifestTemplates } from "../../../src/language/completion/manifests.ts";
import { check } from "../../../src/language/diagnostics.ts";
import { KindStructures } from "../../../src/language/kindStructures.ts";
import { MentionIndex } from "../../../src/language/names/mentionIndex.ts";

const nothing = {
  structures: new KindStructures(),
  names: new MentionIndex(),
  images: [],
  taints: [],
};

/** The whole manifests that are offered at the mark "|". */
function offered(marked: string): string[] {
  const offset = marked.indexOf("|");
  return completionsAt(marked.replace("|", ""), offset, nothing)
    .filter(({ kind }) => kind === "manifest")
    .map(({ label }) => label);
}

describe("whole manifests", () => {
  for (const { kind, text, snippet } of manifestTemplates)
    it(`${kind} has no error, and places to fill in`, () => {
      assert.deepEqual(check(text), []);
      assert.match(snippet, /\$\{1:[^}]+\}/);
    });

  for (const [claim, text, isOffered] of [
    ["in an empty text", "|", true],
    ["for a word", "Depl|", true],
    ["below comments", "# mine\n\n|", true],
    ["behind a manifest", "apiVersion: v1\nkind: Pod\n---\n|", true],
    ["not in a text of another tool", "services: {}\n---\n|", false],
    ["not below a key", "apiVersion: v1\n|", false],
    ["not in a value", "kind: |", false],
  ] as const)
    it(`are offered ${claim}`, () => assert.equal(offered(text).includes("Deployment"), isOffered));

  it("link what is the same", () => {
    const service = manifestTemplates.find(({ kind }) => kind === "Service");
    assert.match(
      service?.snippet ?? "",
      /name: \$\{1:app\}\nspec:\n {2}selector:\n {4}app: \$\{1:app\}/,
    );
  });
});
