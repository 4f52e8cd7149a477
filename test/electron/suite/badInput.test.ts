import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { commands, type Diagnostic, languages, type Uri, workspace } from "vscode";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import { commands as ours } from "../../../src/vscode/commandIds.ts";
import { type RunningCluster, readyCluster, runningCluster } from "../cluster.ts";
import { example } from "../extension.ts";
import { noticesOf } from "../notices.ts";

/** Longer than this, other extensions and the user's typing would notice. */
const longestBlockMs = 1_000;

const megabyte = 1_000_000;

interface BadInput {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What the user is told. */
  readonly error: string;
  /** "LINE: message" of what is marked in the file. */
  readonly problems?: readonly string[];
}

const inputs: readonly BadInput[] = [
  {
    name: "empty.yaml",
    content: "",
    error: "empty.yaml is empty: there is nothing to deploy.",
  },
  {
    name: "comments.yaml",
    content: "# to be written\n---\n# soon\n",
    error: "comments.yaml is empty: there is nothing to deploy.",
  },
  {
    name: "compose.yaml",
    content: "services:\n  web:\n    image: nginx\n",
    error: "compose.yaml holds no Kubernetes objects: apiVersion and kind are missing.",
  },
  {
    name: "tabs.yaml",
    content: "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: tabs\n",
    error:
      "Nothing was deployed: 1 object failed. tabs.yaml: error converting YAML to JSON: yaml: " +
      "line 4: found character that cannot start any token",
    problems: [
      "4: error converting YAML to JSON: yaml: line 4: found character that cannot start any token",
    ],
  },
  {
    name: "large.yaml",
    content: configMapOf(5 * megabyte),
    error: "large.yaml is too large: kube-apiserver reads 3 MB at most.",
  },
  {
    name: "picture.yaml",
    content: Uint8Array.from({ length: 4_096 }, (_, i) => (i * 7_919) % 256),
    error: "picture.yaml is not a text file.",
  },
  {
    name: "template.yaml",
    content: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
    error:
      "template.yaml is a Helm template. Render it with helm template first, then deploy the result.",
  },
  {
    name: "widget.yaml",
    content: "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n",
    error:
      "Nothing was deployed: 1 object failed. " +
      'Widget/w: no matches for kind "Widget" in version "example.com/v1"',
    problems: ['1: no matches for kind "Widget" in version "example.com/v1"'],
  },
  {
    name: "nameless.yaml",
    content: "apiVersion: v1\nkind: ConfigMap\ndata: {}\n",
    error: "Nothing was deployed: 1 object failed. nameless.yaml: resource name may not be empty",
    problems: ["1: resource name may not be empty"],
  },
  {
    name: "badName.yaml",
    content: "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: Not_A_Name\n",
    error:
      'Nothing was deployed: 1 object failed. namespace/Not_A_Name: Namespace "Not_A_Name" is ' +
      'invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 label must ' +
      "consist of lower case alphanumeric characters or '-', and must start and end with an " +
      "alphanumeric character…",
    problems: [
      '4: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 label must consist of ' +
        "lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
        "character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
];

describe("Deploy to Cluster, given what cannot be deployed,", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await readyCluster();
  });

  for (const { name, content, error, problems = [] } of inputs)
    it(`explains what is wrong with ${name}`, async () => {
      const uri = await write(name, content);
      const told = await withoutBlocking(() => commands.executeCommand(ours.deploy, uri));
      assert.deepEqual(told, [{ severity: "error", text: error }]);
      assert.deepEqual(languages.getDiagnostics(uri).map(place), problems);
    });

  it("says that a file is gone which was deleted after the click", async () => {
    const uri = await write("gone.yaml", "apiVersion: v1\n");
    await workspace.fs.delete(uri);
    const told = await noticesOf(() => commands.executeCommand(ours.deploy, uri));
    assert.deepEqual(told, [{ severity: "error", text: "gone.yaml no longer exists." }]);
  });

  it("says of a folder that it holds no manifests", async () => {
    await write("notes/README.txt", "nothing here");
    const told = await noticesOf(() => commands.executeCommand(ours.deploy, example("notes")));
    assert.deepEqual(told, [{ severity: "error", text: "notes holds no manifests." }]);
  });

  it("deploys what is good of a file, and marks what is not", async () => {
    const good = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: good\n";
    const bad = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: bad\n  colour: red\n";
    const uri = await write("half.yaml", `${good}---\n${bad}`);
    const told = await noticesOf(() => commands.executeCommand(ours.deploy, uri));
    assert.deepEqual(told, [
      {
        severity: "error",
        text:
          'Deployed 1 object: 1 created, 1 failed. namespace/bad: Namespace in version "v1" ' +
          "cannot be handled as a Namespace: strict decoding error: unknown field " +
          '"metadata.colour"',
      },
    ]);
    assert.deepEqual(languages.getDiagnostics(uri).map(place), [
      '10: unknown field "metadata.colour"',
    ]);
    await noticesOf(() => commands.executeCommand(ours.deleteFromCluster, uri));
  });

  it("leaves the cluster as it was", async () => {
    const { items } = await cluster.client.list(Namespace);
    const names = items.map(({ metadata }) => metadata.name);
    assert.deepEqual(
      names.filter((name) => !["good", "shop"].includes(name)),
      ["default", "kube-node-lease", "kube-public", "kube-system"],
    );
    assert.equal(await runningCluster(), cluster);
  });
});

/** A ConfigMap of about so many bytes. */
function configMapOf(bytes: number): string {
  const line = `  ${"x".repeat(78)}\n`;
  const head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: large\ndata:\n text: |\n";
  return head + line.repeat(Math.ceil(bytes / line.length));
}

async function write(name: string, content: string | Uint8Array): Promise<Uri> {
  const uri = example(name);
  await workspace.fs.writeFile(
    uri,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return uri;
}

/** Runs `act`; what it told the user. @throws AssertionError if the extension host stood still */
async function withoutBlocking(act: () => unknown) {
  const delays = monitorEventLoopDelay();
  delays.enable();
  const told = await noticesOf(act);
  delays.disable();
  const longestMs = delays.max / 1e6;
  assert.ok(longestMs < longestBlockMs, `the extension host stood still for ${longestMs} ms`);
  return told;
}

function place({ range, message }: Diagnostic): string {
  return `${range.start.line + 1}: ${message}`;
}
