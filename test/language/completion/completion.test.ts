import assert from "node:assert/strict";
import { completionsAt } from "../../../src/language/completion/completion.ts";
import type { Completion } from "../../../src/language/completion/offer.ts";
import { customKindsOf, definitionsIn } from "../../../src/language/customKinds.ts";
import { KindStructures } from "../../../src/language/kindStructures.ts";
import { MentionIndex } from "../../../src/language/names/mentionIndex.ts";

const custom = customKindsOf(
  definitionsIn(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [cronSpec]
              properties:
                cronSpec: {type: string, description: When it runs.}
                mode: {type: string, enum: [Fast, Slow]}
`),
);

const names = new MentionIndex();
names.set(
  "file:///others.yaml",
  `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {greeting: hello, COLOR: red}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: far, namespace: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: x
---
apiVersion: v1
kind: Node
metadata: {name: a, labels: {disk: ssd}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {ports: [{name: main, port: 80}]}
`,
);
const known = {
  structures: new KindStructures(custom),
  names,
  images: ["nginx:1.27", "redis:7"],
  taints: [{ key: "gpu", value: "yes" }],
};

/** What is offered at the mark: the last "|". */
function offered(marked: string): Completion[] {
  const offset = marked.lastIndexOf("|");
  return completionsAt(marked.slice(0, offset) + marked.slice(offset + 1), offset, known);
}

const labels = (marked: string): string[] => offered(marked).map(({ label }) => label);

/** The text after one of the offers was taken. */
function taken(marked: string, label: string): string {
  const found = offered(marked).find((each) => each.label === label);
  assert.ok(found, `${label} in ${labels(marked)}`);
  const mark = marked.lastIndexOf("|");
  const text = marked.slice(0, mark) + marked.slice(mark + 1);
  return text.slice(0, found.range.start) + found.newText + text.slice(found.range.end);
}

const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n";
const container = `${pod}  containers:\n    - name: a\n`;
const service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n";

describe("completion", () => {
  for (const [claim, text, expected] of [
    ["the kinds of a version", "apiVersion: policy/v1\nkind: |", ["PodDisruptionBudget"]],
    ["the versions of a kind", "kind: CronJob\napiVersion: |", ["batch/v1"]],
    ["the first keys of a document", "kind: Pod\na|", ["apiVersion", "metadata", "spec"]],
    ["the choices of an enumeration", `${pod}  restartPolicy: |`, ["Always", "Never", "OnFailure"]],
    ["true and false", `${pod}  hostNetwork: |`, ["true", "false"]],
    ["images that are known", `${container}      image: |`, ["nginx:1.27", "redis:7"]],
    [
      "names of ConfigMaps",
      `${container}      envFrom:\n        - configMapRef:\n            name: |`,
      ["settings"],
    ],
    [
      "keys of the ConfigMap",
      `${container}      env:\n        - name: A\n          valueFrom:\n            configMapKeyRef:\n              name: settings\n              key: |`,
      ["COLOR", "greeting"],
    ],
    ["names of ServiceAccounts", `${pod}  serviceAccountName: r|`, ["runner"]],
    [
      "names of StorageClasses, in braces",
      "apiVersion: v1\nkind: PersistentVolumeClaim\nspec: {storageClassName: |}",
      ["fast"],
    ],
    [
      "volumes of the Pod",
      `${pod}  volumes: [{name: data}, {name: files}]\n  containers:\n    - name: a\n      volumeMounts:\n        - name: |`,
      ["data", "files"],
    ],
    ["labels of Pods", `${service}  selector:\n    |`, ["app: web", "tier: front"]],
    [
      "the other labels of the same Pods",
      `${service}  selector:\n    app: web\n    |`,
      ["tier: front"],
    ],
    ["values of a label", `${service}  selector:\n    app: |`, ["web"]],
    [
      "values of a label in an expression",
      "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec:\n  selector:\n    matchExpressions:\n      - key: tier\n        operator: In\n        values: [|]",
      ["front"],
    ],
    [
      "the selector's labels for the Pods",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata:\n      labels:\n        app: |",
      ["x"],
    ],
    [
      "names and numbers of ports of the selected Pods",
      `${service}  selector: {app: web}\n  ports:\n    - port: 80\n      targetPort: |`,
      ["8080", "http"],
    ],
    [
      "ports of the Service",
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec:\n  defaultBackend:\n    service:\n      name: front\n      port:\n        number: |",
      ["80"],
    ],
    [
      "items of a list of choices",
      "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    - |",
      ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"],
    ],
    [
      "verbs",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - verbs: [get, w|]",
      ["*", "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    ],
    [
      "resources",
      `${container}      resources: {requests: {cpu: 1, |}}`,
      ["memory", "ephemeral-storage"],
    ],
    ["values of taints", `${pod}  tolerations:\n    - key: gpu\n      value: |`, ["yes"]],
    ["names in a text that is half typed", `${pod}  serviceAccountName: |\n  con\n`, ["runner"]],
    ["nothing to kustomize", "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\n|", []],
    ["nothing to Helm", `${pod}  hostname: {{ .Values.x }}\n  restartPolicy: |`, []],
    ["nothing in a comment", `${pod}  # rest|`, []],
    ["nothing behind a value's comment", `${pod}  restartPolicy: # |`, []],
    [
      "nothing in a block of text",
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |-\n    apiVersion: v1\n    kind: |",
      [],
    ],
    ["nothing behind a finished value", `${container}      resources: {limits: {cpu: "1"|}}`, []],
    ["kinds that are defined", "apiVersion: stable.example.com/v1\nkind: |", ["CronTab"]],
    [
      "fields that are defined",
      "apiVersion: stable.example.com/v1\nkind: CronTab\nspec:\n  |",
      ["cronSpec", "mode"],
    ],
    [
      "choices that are defined",
      "apiVersion: stable.example.com/v1\nkind: CronTab\nspec: {mode: |}",
      ["Fast", "Slow"],
    ],
    ["nothing for an unknown kind", "apiVersion: x.io/v1\nkind: Y\nspec:\n  a|", []],
  ] as const)
    it(`offers ${claim}`, () =>
      assert.deepEqual(labels(text).toSorted(), [...expected].toSorted()));

  for (const [claim, text, wanted, unwanted] of [
    ["of a struct", `${pod}  nod|`, "nodeSelector", "metadata"],
    ["of an item of a list", `${container}      im|`, "imagePullPolicy", "name"],
    ["behind a dash", `${pod}  containers:\n    - na|`, "name", "containers"],
    ["of a list at its key's column", `${pod}  containers:\n  - name: a\n    im|`, "image", "name"],
    [
      "of a map deep below",
      `${pod}  affinity:\n    podAntiAffinity:\n      req|`,
      "requiredDuringSchedulingIgnoredDuringExecution",
      "nodeAffinity",
    ],
    ["above others that are there", `${pod}  n|\n  containers: []`, "nodeName", "containers"],
    ["below a key with a comment", `${pod}  securityContext: # why\n    run|`, "runAsUser", "spec"],
    [
      "of the next object of the text",
      `${pod}---\napiVersion: v1\nkind: Service\nspec:\n  s|`,
      "selector",
      "nodeName",
    ],
    ["in braces", `${pod}  securityContext: {runAsUser: 1, r|}`, "runAsGroup", "runAsUser"],
    [
      "in braces, before others",
      `${pod}  securityContext: {|, runAsUser: 1}`,
      "runAsGroup",
      "runAsUser",
    ],
    [
      "in brackets of braces",
      `${pod}  containers: [{name: a, ports: [{|`,
      "containerPort",
      "name: a",
    ],
    [
      "over several lines of braces",
      `${pod}  securityContext: {\n    runAsUser: 1,\n    |\n  }`,
      "runAsGroup",
      "runAsUser",
    ],
    [
      "of an item of a List",
      "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    spec:\n      n|\n  - kind: Service",
      "nodeName",
      "clusterIP",
    ],
    ["of JSON", '{"apiVersion": "v1", "kind": "Pod", "spec": {"n|"}}', "nodeName", "spec"],
    [
      "of JSON that is not closed",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"|',
      "image",
      "spec",
    ],
    [
      "of a List in JSON",
      '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "spec": {|}}]}',
      "nodeName",
      "items",
    ],
    [
      "with Windows' line ends",
      `${pod}  nod|`.replaceAll("\n", "\r\n"),
      "nodeSelector",
      "metadata",
    ],
    ["beside Korean", `${pod.replace("web", "웹 # 서버")}  nod|`, "nodeSelector", "metadata"],
    ["but not what the server fills in", "apiVersion: v1\nkind: Pod\ns|", "spec", "status"],
    [
      "of nodes as topology",
      `${pod}  topologySpreadConstraints:\n    - topologyKey: |`,
      "disk",
      "app",
    ],
    ["of nodes to select", `${pod}  nodeSelector:\n    |`, "disk: ssd", "app: web"],
    ["of taints", `${pod}  tolerations:\n    - key: |`, "gpu", "disk"],
  ] as const)
    it(`offers what there is ${claim}`, () => {
      const found = labels(text);
      assert.ok(found.includes(wanted), `${wanted} in ${found}`);
      assert.ok(!found.includes(unwanted), unwanted);
    });

  for (const [claim, text, label, expected] of [
    ["a list below its key", `${pod}  con|`, "containers", `${pod}  containers:\n    - `],
    ["a block below its key", `${pod}  sec|`, "securityContext", `${pod}  securityContext:\n    `],
    ["a value on its line", `${pod}  nod|`, "nodeName", `${pod}  nodeName: `],
    [
      "a field of braces",
      `${pod}  securityContext: {r|}`,
      "runAsUser",
      `${pod}  securityContext: {runAsUser: $0}`,
    ],
    [
      "a field of JSON",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"n|"}}',
      "nodeName",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": "$0"}}',
    ],
    [
      "a list of JSON",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {|}}',
      "containers",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [$0]}}',
    ],
    [
      "a value of JSON",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"restartPolicy": "N|"}}',
      "Never",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"restartPolicy": "Never"}}',
    ],
    [
      "a value in quotes",
      `${container}      image: "ng|"`,
      "nginx:1.27",
      `${container}      image: "nginx:1.27"`,
    ],
    [
      "a text that looks like something else",
      `${pod}  tolerations:\n    - key: gpu\n      value: |`,
      "yes",
      `${pod}  tolerations:\n    - key: gpu\n      value: "yes"`,
    ],
    [
      "a number",
      `${service}  selector: {app: web}\n  ports:\n    - targetPort: |`,
      "8080",
      `${service}  selector: {app: web}\n  ports:\n    - targetPort: 8080`,
    ],
  ] as const)
    it(`writes ${claim}`, () => assert.equal(taken(text, label), expected));

  it("offers what is required first", () => {
    const required = offered(`${pod}  con|`).filter(({ isRequired }) => isRequired);
    assert.deepEqual(
      required.map(({ label }) => label),
      ["containers"],
    );
  });
});
