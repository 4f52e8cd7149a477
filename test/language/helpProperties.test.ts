// Whatever is typed, help with it is given or not, without an exception, and within the text.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Documentation } from "../../src/api/openapi/documentation.ts";
import { completionsAt } from "../../src/language/completion/completion.ts";
import { folds } from "../../src/language/folding.ts";
import { hoverAt } from "../../src/language/hover.ts";
import { KindStructures } from "../../src/language/kindStructures.ts";
import { MentionIndex } from "../../src/language/names/mentionIndex.ts";
import { renameEdits } from "../../src/language/names/rename.ts";
import { definitionsOf, referencesOf } from "../../src/language/names/resolve.ts";
import { type OutlineSymbol, outline } from "../../src/language/outline.ts";
import { selectionRanges } from "../../src/language/selectionRanges.ts";

const good = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  selector:
    matchLabels: &labels
      app: web
  template:
    metadata:
      labels: *labels
    spec:
      containers:
        - name: app # 앱
          image: "nginx:1.27"
          command: ["sh", '-c', |
          ports: [{name: http, containerPort: 80}]
          args:
            - >-
              a
              b
          readinessProbe:
            httpGet: {port: http}
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          configMap: {name: settings, items: [{key: a, path: b}]}
---
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
 "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}]}}
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings}
  data: {a: "1"}
`;
const whole = good.replace("[\"sh\", '-c', |", '["sh", "-c", "x"]');

const uri = "file:///a.yaml";
const documentation = Documentation.none;

/** Asks for everything at one place. */
function askAll(text: string, offset: number): void {
  const index = new MentionIndex();
  index.set(uri, text);
  const known = {
    structures: new KindStructures(),
    names: index,
    images: ["nginx:1.27"],
    taints: [{ key: "gpu" }],
  };
  for (const { range } of completionsAt(text, offset, known)) isWithin(range, text);
  const hover = hoverAt(text, offset, { documentation });
  if (hover) isWithin(hover.range, text);
  for (const mention of index.in(uri)) isWithin(mention.range, text);
  for (const mention of index.at(uri, offset))
    for (const each of [...definitionsOf(mention, index), ...referencesOf(mention, index)])
      isWithin(each.range, text);
  renameEdits(uri, offset, "other", index);
  for (const symbol of outline(text)) symbolIsWithin(symbol, text);
  for (const fold of folds(text) ?? []) isWithin(fold, text);
  let inner = { start: offset, end: offset };
  for (const range of selectionRanges(text, offset)) {
    assert.ok(range.start <= inner.start && range.end >= inner.end);
    inner = range;
  }
}

function isWithin({ start, end }: { start: number; end: number }, text: string): void {
  assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end}`);
}

function symbolIsWithin({ range, nameRange, children }: OutlineSymbol, text: string): void {
  isWithin(range, text);
  assert.ok(nameRange.start >= range.start && nameRange.end <= range.end);
  for (const child of children) symbolIsWithin(child, text);
}

describe("help", () => {
  it("may be asked for at every place of a manifest", () => {
    for (let offset = 0; offset <= whole.length; offset += 7) askAll(whole, offset);
  });

  it("may be asked for at every place of one that is cut off there", () => {
    for (let offset = 0; offset <= good.length; offset += 5) askAll(good.slice(0, offset), offset);
  });

  it("may be asked for anywhere in any text", () => {
    const piece = fc.oneof(
      fc.constantFrom(...["{", "}", "[", "]", "'", '"', "|\n", "- ", ": ", "\n", "# ", "---\n"]),
      fc.constantFrom(...["&a ", "*a", "<<: *a", "\t", "\r\n", "{{ .Values.x }}", "한", "? "]),
      fc.nat(good.length - 40).chain((start) => fc.constant(good.slice(start, start + 40))),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    const text = fc
      .array(piece, { maxLength: 20 })
      .map((pieces) => `apiVersion: v1\nkind: Pod\n${pieces.join("")}`);
    fc.assert(
      fc.property(text, fc.nat(800), (any, offset) => askAll(any, Math.min(offset, any.length))),
      { numRuns: 700 },
    );
  });

  it("may be asked for in what is nested deeply", () => {
    for (const deep of ["[".repeat(5_000), "{a: ".repeat(5_000), "- ".repeat(3_000)])
      askAll(`apiVersion: v1\nkind: Pod\nspec: ${deep}`, 40);
  });
});
