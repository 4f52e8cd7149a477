import assert from "node:assert/strict";
import { check } from "../../src/language/diagnostics.ts";
import { quickFixes } from "../../src/language/quickFix.ts";

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: nginx:1.27
  restartPolicy: Never
`;

/** The text after the first fix of the first problem. */
function mended(text: string): string | undefined {
  const [problem] = check(text);
  assert.ok(problem);
  const [fix] = quickFixes(problem, text);
  if (!fix) return undefined;
  return [...fix.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

describe("a quick fix", () => {
  for (const [claim, from, to, mendedTo] of [
    ["corrects a field's name", "image:", "imgae:", "image:"],
    ["quotes text", "name: app", "name: 5", 'name: "5"'],
    ["corrects a kind", "kind: Pod", "kind: pod", "kind: Pod"],
    ["corrects an apiVersion", "apiVersion: v1", "apiVersion: apps/v1", "apiVersion: v1"],
    ["takes a supported value", "Never", "Sometimes", "Always"],
    ["replaces tabs", "  name: web", "\tname: web", "  name: web"],
    ["adds a field to an item", "\n      image: nginx:1.27", "", "\n      image: "],
    ["adds a field where nothing is", "\n  name: web", "", "\n  name: "],
  ] as const)
    it(claim, () => assert.equal(mended(pod.replace(from, to)), pod.replace(from, mendedTo)));

  it("keeps Windows line ends", () => {
    const text = pod.replace("      image: nginx:1.27\n", "").replaceAll("\n", "\r\n");
    assert.ok(mended(text)?.includes("- name: app\r\n      image: \r\n"));
  });

  it("knows when to keep still", () =>
    assert.equal(mended(pod.replace("name: web", "name: Web")), undefined));
});
