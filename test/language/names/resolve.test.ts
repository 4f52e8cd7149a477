import assert from "node:assert/strict";
import { MentionIndex } from "../../../src/language/names/mentionIndex.ts";
import { definitionsOf, referencesOf } from "../../../src/language/names/resolve.ts";

const uri = "file:///app/all.yaml";

const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
        tier: front
    spec:
      serviceAccountName: runner
      priorityClassName: high
      imagePullSecrets: [{name: registry}]
      containers:
        - name: main
          image: nginx:1.27
          ports:
            - name: http
              containerPort: 8080
          envFrom:
            - configMapRef: {name: settings}
          env:
            - name: GREETING
              valueFrom:
                configMapKeyRef: {name: settings, key: greeting}
            - name: MEMORY
              valueFrom:
                resourceFieldRef: {containerName: main, resource: limits.memory}
          readinessProbe:
            httpGet: {port: http}
          volumeMounts:
            - name: files
              mountPath: /files
            - name: data
              mountPath: /data
      volumes:
        - name: files
          configMap:
            name: settings
            items: [{key: greeting, path: a}]
        - name: data
          persistentVolumeClaim: {claimName: disk}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  greeting: 안녕하세요
---
apiVersion: v1
kind: Service
metadata:
  name: front
spec:
  ports:
    - name: web
      port: 80
      targetPort: http
  selector:
    app: web
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: door
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: front, port: {number: 80}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: disk
spec:
  storageClassName: fast
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast
provisioner: x
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: scaler
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: budget
spec:
  selector:
    matchExpressions:
      - key: tier
        operator: In
        values: [front]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: binding
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - kind: ServiceAccount
    name: runner
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: runner
`;

function indexOf(texts: Readonly<Record<string, string>>): MentionIndex {
  const index = new MentionIndex();
  for (const [address, text] of Object.entries(texts)) index.set(address, text);
  return index;
}

/** The offset of the word that is in brackets in `context`. */
function offsetOf(text: string, context: string): number {
  const at = text.indexOf(context.replace(/[«»]/g, ""));
  assert.ok(at >= 0, context);
  return at + context.indexOf("«") + 1;
}

/** "LINE: text" of places, as an editor counts lines. */
function shown(
  places: readonly { uri: string; range: { start: number; end: number } }[],
  texts: Readonly<Record<string, string>>,
): string[] {
  return places.map(({ uri: address, range: { start, end } }) => {
    const text = texts[address] ?? "";
    const line = text.slice(0, start).split("\n").length;
    const file = address === uri ? "" : `${address.slice(address.lastIndexOf("/") + 1)}:`;
    return `${file}${line}: ${text.slice(start, end)}`;
  });
}

function definitions(text: string, context: string, others: Record<string, string> = {}) {
  const texts = { [uri]: text, ...others };
  const index = indexOf(texts);
  return shown(
    index.at(uri, offsetOf(text, context)).flatMap((each) => definitionsOf(each, index)),
    texts,
  );
}

function references(text: string, context: string, others: Record<string, string> = {}) {
  const texts = { [uri]: text, ...others };
  const index = indexOf(texts);
  return shown(
    index.at(uri, offsetOf(text, context)).flatMap((each) => referencesOf(each, index)),
    texts,
  );
}

describe("definitions", () => {
  for (const [claim, context, expected] of [
    ["a selector's label is the Pods'", "matchLabels:\n      «app: web", ["12: app: web"]],
    ["a Service's label is the Pods'", "targetPort: http\n  selector:\n    «app", ["12: app: web"]],
    ["a value of an expression is the Pods' label", "values: [«front", ["13: tier: front"]],
    ["configMapRef names a ConfigMap", "configMapRef: {name: «settings", ["51: settings"]],
    ["configMapKeyRef names a key", "settings, key: «greeting", ["53: greeting"]],
    ["items of a volume name keys", "items: [{key: «greeting", ["53: greeting"]],
    ["a mount is of a volume", "volumeMounts:\n            - name: «files", ["41: files"]],
    ["claimName names a claim", "claimName: «disk", ["82: disk"]],
    ["a claim names its StorageClass", "storageClassName: «fast", ["89: fast"]],
    ["serviceAccountName", "serviceAccountName: «runner", ["127: runner"]],
    ["an Ingress names a Service", "service: {name: «front", ["58: front"]],
    ["an Ingress names its port", "number: «80", ["62: 80"]],
    ["targetPort names a container's port", "targetPort: «http", ["22: http"]],
    ["a probe names its container's port", "httpGet: {port: «http", ["22: http"]],
    ["an autoscaler names its target", "kind: Deployment, name: «web", ["4: web"]],
    ["a binding names its role", "kind: Role, name: «reader", ["122: reader"]],
    ["a subject is a ServiceAccount", "kind: ServiceAccount\n    name: «runner", ["127: runner"]],
    ["containerName names a container", "containerName: «main", ["19: main"]],
    ["what is nowhere has none", "priorityClassName: «high", []],
  ] as const)
    it(claim, () => assert.deepEqual(definitions(workload, context), expected));

  it("are those of the nearest file", () => {
    const map = (name: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    const others = {
      "file:///app/b.yaml": map("other"),
      "file:///far/c.yaml": map("other"),
    };
    const text = workload.replaceAll("name: settings", "name: other").split("---")[0] ?? "";
    assert.deepEqual(definitions(text, "configMapRef: {name: «other", others), ["b.yaml:4: other"]);
  });

  it("are not in another namespace", () => {
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: b}\n";
    const user = workload.replace("name: web", "name: web\n  namespace: a").split("---")[0] ?? "";
    assert.deepEqual(
      definitions(user, "configMapRef: {name: «settings", { "file:///app/b.yaml": text }),
      [],
    );
  });

  it("of an alias is the nearest anchor above", () => {
    const text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: &x 1\n  b: *x\n  c: &x 2\n  d: *x\n";
    assert.deepEqual(definitions(text, "b: *«x"), ["5: &x"]);
    assert.deepEqual(definitions(text, "d: *«x"), ["7: &x"]);
    assert.deepEqual(references(text, "a: &«x"), ["5: &x", "6: *x"]);
  });

  it("are found while a word is half typed", () => {
    const typing = workload.replace("    spec:\n", "    spec:\n      nod\n");
    assert.deepEqual(definitions(typing, "serviceAccountName: «runner"), ["128: runner"]);
  });

  it("of a custom resource's kind is what defines it", () => {
    const definition =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.x.io}\n" +
      "spec:\n  group: x.io\n  names: {plural: a, kind: A}\n";
    const text = `${definition}---\napiVersion: x.io/v1\nkind: A\nmetadata: {name: one}\n`;
    assert.deepEqual(definitions(text, "x.io/v1\nkind: «A"), ["6: A"]);
    assert.deepEqual(references(text, "plural: a, kind: «A"), ["6: A", "9: A"]);
  });

  it("are found in JSON, in lists, and with Windows' line ends", () => {
    const json = `{"apiVersion": "v1", "kind": "List", "items": [
      {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": "v"}},
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [
        {"name": "c", "env": [{"name": "E", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}]}}]}`;
    assert.deepEqual(definitions(json, '{"name": "«s", "key"'), ['2: "s"']);
    assert.deepEqual(definitions(json, '"key": "«k'), ['2: "k"']);
    const windows = workload.replaceAll("\n", "\r\n");
    assert.deepEqual(definitions(windows, "targetPort: «http"), ["22: http"]);
  });
});

describe("definitions of what is further away", () => {
  const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: front
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      initContainers:
        - name: init
          volumeMounts: [{name: data, mountPath: /data}]
      containers:
        - name: main
          ports: [{name: sql, containerPort: 5432}]
          resources: {claims: [{name: gpu}]}
      resourceClaims: [{name: gpu, resourceClaimName: card}]
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}
      nodeSelector: {disk: ssd}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {storageClassName: fast}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed}
spec:
  ingress: [{ports: [{port: sql}], from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {role: x}}}]}]
  podSelector: {matchLabels: {app: db}}
---
apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata:
  name: db-0
  namespace: team-a
  labels: {role: x}
  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: "1"}]
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {disk: ssd}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv}
spec: {claimRef: {kind: PersistentVolumeClaim, namespace: team-a, name: disk}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk, namespace: team-a}
spec: {volumeName: pv}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: db}
value: 1
`;
  for (const [claim, context, expected] of [
    ["a mount is of a claim's template", "volumeMounts: [{name: «data", ["22: data"]],
    ["a claim of a device", "claims: [{name: «gpu", ["17: gpu"]],
    ["a spread constraint's label", "labelSelector: {matchLabels: {«app: db", ["8: app: db"]],
    ["a node's label", "nodeSelector: {«disk", ["46: disk: ssd"]],
    ["a policy's port is that of the Pods", "port: «sql", ["15: sql"]],
    ["a policy's namespaces", "namespaceSelector: {matchLabels: {«team", ["34: team: a"]],
    ["a policy's Pods of other namespaces", "podSelector: {matchLabels: {«role", ["41: role: x"]],
    ["an owner", "kind: StatefulSet, name: «db", ["3: db"]],
    ["a namespace", "namespace: «team-a\n", ["34: team-a"]],
    ["a volume's claim", "namespace: team-a, name: «disk", ["55: disk"]],
    ["a claim's volume", "volumeName: «pv", ["50: pv"]],
  ] as const)
    it(claim, () => assert.deepEqual(definitions(text, context), expected));
});

describe("references", () => {
  for (const [claim, context, expected] of [
    ["to a ConfigMap", "kind: ConfigMap\nmetadata:\n  name: «settings", ["51", "25", "29", "43"]],
    ["to a key", "data:\n  «greeting", ["53", "29", "44"]],
    ["to a label of Pods", "labels:\n        «app: web", ["12", "8", "65"]],
    ["from a selector", "targetPort: http\n  selector:\n    «app", ["12", "8", "65"]],
    ["to a volume", "volumes:\n        - name: «files", ["41", "36"]],
    ["to a port of containers", "ports:\n            - name: «http", ["22", "34", "63"]],
    ["to a workload", "kind: Deployment\nmetadata:\n  name: «web", ["4", "97"]],
    ["to an account", "kind: ServiceAccount\nmetadata:\n  name: «runner", ["127", "15", "117"]],
  ] as const)
    it(claim, () =>
      assert.deepEqual(
        references(workload, context).map((place) => place.split(":")[0]),
        expected,
      ),
    );

  it("leave out what is no manifest", () => {
    const other =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.x }}}\ndata: {a: settings}\n";
    const kustomization =
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: settings}\n";
    assert.equal(
      references(workload, "kind: ConfigMap\nmetadata:\n  name: «settings", {
        "file:///app/t.yaml": other,
        "file:///app/kustomization.yaml": kustomization,
      }).length,
      4,
    );
  });
});
