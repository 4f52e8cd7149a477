// Texts that nobody writes, but somebody opens: no exception, and an answer in bounded time and memory.
import assert from "node:assert/strict";
import { ManifestChecker } from "../../src/language/manifestChecker.ts";
import { ObjectIndex } from "../../src/language/objectIndex.ts";

const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("");
/** Generous: a machine may be slow; what grows with the square of the text takes minutes. */
const mostMs = 10_000;

const texts: Readonly<Record<string, string>> = {
  "five megabytes in one document": `${head}data:\n${many(200_000, (i) => `  k${i}: value number ${i}\n`)}`,
  "many documents": many(4_000, (i) => `${head.replace("a}", `a${i}}`)}---\n`),
  "one long line": `${head}data: {a: "${"x".repeat(900_000)}"}\n`,
  "a long name": head.replace("name: a", `name: ${"a.".repeat(400_000)}`),
  "brackets that nobody closes": `${head}data: ${"[".repeat(100_000)}`,
  "steps down": head + many(2_000, (i) => `${" ".repeat(i)}a:\n`),
  "dashes in a row": `${head}data:\n${"- ".repeat(100_000)}`,
  "aliases that multiply": `a: &a [x,x,x,x,x,x,x,x,x]\n${many(9, (i) => `${"bcdefghij"[i]}: &${"bcdefghij"[i]} [${`*${"abcdefghij"[i]},`.repeat(9)}]\n`)}${head}`,
  "merges in a chain": `${head}x: &x0 {a: 1}\n${many(3_000, (i) => `y${i}: &x${i + 1} {<<: *x${i}, b${i}: 1}\n`)}`,
  "one key again and again": `${head}data:\n${"  a: b\n".repeat(20_000)}`,
  "nothing but unknown fields": `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n${many(20_000, (i) => `  contaners${i}: x\n`)}`,
  "nothing but separators": `${"---\n".repeat(100_000)}${head}`,
  "nothing but tabs": head + "\t\n".repeat(100_000),
  "nothing but quotes": head + '"'.repeat(300_000),
  "nothing but colons": head + ": ".repeat(300_000),
  "a schema within a schema": `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\nspec: {group: b.c, names: {plural: a, kind: A}, scope: Namespaced, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: ${"{type: object, properties: {a: ".repeat(200)}{type: string}${"}}".repeat(200)}}}]}\n`,
};

describe("a hostile text", function () {
  this.timeout(6 * mostMs);
  for (const [name, text] of Object.entries(texts))
    it(`of ${name} is answered`, () => {
      const began = performance.now();
      const checker = new ManifestChecker({ findsAllFaults: true });
      for (const { start, end } of checker.check(text))
        assert.ok(start <= end && end <= text.length);
      const index = new ObjectIndex();
      index.put("this", checker.objectsOf(text, "this"));
      checker.checkRules(text, index);
      const ms = performance.now() - began;
      assert.ok(ms < mostMs, `${ms} ms`);
    });
});
