import assert from "node:assert/strict";
import { MentionIndex } from "../../../src/language/names/mentionIndex.ts";
import { renameEdits, renameTarget } from "../../../src/language/names/rename.ts";

const uri = "file:///app/a.yaml";

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
    - name: main
      image: nginx:1.27
      ports: [{name: http, containerPort: 80}]
      env:
        - name: A
          valueFrom:
            configMapKeyRef:
              name: "settings"
              key: greeting
      volumeMounts:
        - {name: data, mountPath: /data}
  volumes:
    - name: data
      emptyDir: {}
    - name: other
      emptyDir: {}
`;
const map = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  greeting: &hello 안녕
  again: *hello
`;
const service = `apiVersion: v1
kind: Service
metadata: {name: front}
spec:
  selector:
    app: 'web'
  ports: [{port: 80, targetPort: http}]
`;
const all = `${pod}---\n${map}---\n${service}`;

function indexOf(text: string, others: Readonly<Record<string, string>> = {}): MentionIndex {
  const index = new MentionIndex();
  index.set(uri, text);
  for (const [address, other] of Object.entries(others)) index.set(address, other);
  return index;
}

/** The text after the word at "«" has got another name, or why it has not. */
function renamed(
  text: string,
  context: string,
  newName: string,
  others: Readonly<Record<string, string>> = {},
): string {
  const at = text.indexOf(context.replace("«", ""));
  assert.ok(at >= 0, context);
  const edits = renameEdits(uri, at + context.indexOf("«") + 1, newName, indexOf(text, others));
  if ("refusal" in edits) return [edits.refusal.key, ...edits.refusal.args].join(" ");
  return (edits.get(uri) ?? []).reduceRight(
    (result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end),
    text,
  );
}

/** The lines that differ, as they are now. */
function changedLines(text: string, ...change: [context: string, newName: string]): string[] {
  const lines = text.split("\n");
  return renamed(text, ...change)
    .split("\n")
    .flatMap((line, i) => (line === lines[i] ? [] : [line.trim()]));
}

describe("rename", () => {
  for (const [claim, context, newName, lines] of [
    [
      "an object, where it is named",
      'name: "«settings',
      "config",
      ['name: "config"', "name: config"],
    ],
    [
      "an object, where it is made",
      "name: «settings\ndata",
      "config",
      ['name: "config"', "name: config"],
    ],
    ["a key", "key: «greeting", "hi", ["key: hi", "hi: &hello 안녕"]],
    ["a volume", "{name: «data", "files", ["- {name: files, mountPath: /data}", "- name: files"]],
    [
      "a port",
      "ports: [{name: «http",
      "web",
      ["ports: [{name: web, containerPort: 80}]", "ports: [{port: 80, targetPort: web}]"],
    ],
    ["a label's value", "app: '«web", "api", ["labels: {app: api}", "app: 'api'"]],
    ["an anchor", "*«hello", "hi", ["greeting: &hi 안녕", "again: *hi"]],
    ["a name that needs quotes", "name: «settings\ndata", "0123", ['name: "0123"', 'name: "0123"']],
  ] as const)
    it(`gives ${claim}`, () => assert.deepEqual(changedLines(all, context, newName), lines));

  it("keeps JSON, Lists and Windows' line ends as they are", () => {
    const json = `{"apiVersion": "v1", "kind": "List", "items": [\r
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"selector": {"app": "web"}}},\r
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"app": "web"}}, "spec": {"containers": []}}]}\r
`;
    assert.equal(renamed(json, '"app": "«web', "api"), json.replaceAll('"web"', '"api"'));
  });

  it("changes other files, but not those that make the name themselves", () => {
    const other = pod.replace("name: web", "name: two");
    const own = `${pod}---\n${map}`;
    const edits = renameEdits(
      uri,
      map.indexOf("settings"),
      "config",
      indexOf(map, { "file:///app/b.yaml": other, "file:///far/c.yaml": own }),
    );
    assert.ok(!("refusal" in edits));
    assert.deepEqual([...edits.keys()].sort(), [uri, "file:///app/b.yaml"]);
  });

  for (const [claim, text, context, newName, refusal] of [
    ["what is no name", all, "image: ng«inx", "a", "rename.nothing"],
    [
      "the kind of a custom resource",
      "apiVersion: x.io/v1\nkind: A\n",
      "kind: «A",
      "B",
      "rename.nothing",
    ],
    ["a label's key", all, "  «app: 'web", "a", "rename.labelKey"],
    ["a number", all, "containerPort: «80", "81", "rename.number"],
    ["what is made elsewhere", pod, 'name: "«settings', "a", "rename.elsewhere ConfigMap settings"],
    ["anything in broken text", `${pod}  a: [`, 'name: "«settings', "a", "rename.syntax"],
    ["a volume, to one that there is", all, "{name: «data", "other", "rename.taken other"],
    [
      "an object, to one that there is",
      `${all}---\n${map.replace("settings", "b")}`,
      'name: "«settings',
      "b",
      "rename.taken b",
    ],
    [
      "to what the server refuses",
      all,
      "{name: «data",
      "Data_1",
      "rename.invalid spec.volumes[0].name: Invalid value",
    ],
  ] as const)
    it(`refuses ${claim}`, () => {
      const found = renamed(text, context, newName);
      assert.ok(found.startsWith(refusal) || found === refusal, found);
    });

  it("may give a name that something far away has", () => {
    const far = { "file:///far/c.yaml": map.replace("settings", "other") };
    assert.notEqual(renamed(all, 'name: "«settings', "other", far), "rename.taken other");
    const near = { "file:///app/c.yaml": map.replace("settings", "other") };
    assert.equal(renamed(all, 'name: "«settings', "other", near), "rename.taken other");
  });

  it("offers the name without its quotes", () => {
    const at = all.indexOf('"settings"');
    const target = renameTarget(uri, at + 3, indexOf(all));
    assert.deepEqual(target, { range: { start: at + 1, end: at + 9 }, name: "settings" });
  });
});
