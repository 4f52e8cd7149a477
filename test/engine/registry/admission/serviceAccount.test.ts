import assert from "node:assert/strict";
import { Node } from "../../../../src/api/kinds/node.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import { ServiceAccount } from "../../../../src/api/kinds/serviceAccount.ts";
import type { PodSpec } from "../../../../src/api/types.ts";
import { refusal, Scene } from "./scene.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const containers = [{ name: "c", image: "i" }] as PodSpec["containers"];

describe("ServiceAccount", () => {
  it("runs Pods as the default account, with its token in every container", () => {
    const { spec } = new Scene().make(Pod, "p", {
      spec: { containers, initContainers: [{ name: "first", image: "i" }] },
    });
    assert.equal(spec.serviceAccountName, "default");
    const [volume] = spec.volumes ?? [];
    assert.match(volume?.name ?? "", /^kube-api-access-[a-z0-9]{5}$/);
    for (const container of [...(spec.initContainers ?? []), ...spec.containers])
      assert.deepEqual(container.volumeMounts, [{ name: volume?.name, readOnly: true, mountPath }]);
  });

  it("adds no second volume where there is one", () => {
    const { spec } = new Scene().make(Pod, "p", {
      spec: { containers, volumes: [{ name: "kube-api-access-mine", emptyDir: {} }] },
    });
    assert.deepEqual(
      spec.volumes?.map(({ name }) => name),
      ["kube-api-access-mine"],
    );
    assert.equal(spec.containers[0]?.volumeMounts?.[0]?.name, "kube-api-access-mine");
  });

  it("mounts nothing if the Pod, or else the account, says so, and lends its pull secrets", () => {
    const scene = new Scene();
    scene.make(ServiceAccount, "quiet", {
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: "registry" }],
    });
    const pod = (name: string, spec: object) =>
      scene.make(Pod, name, { spec: { containers, serviceAccountName: "quiet", ...spec } }).spec;
    assert.equal(pod("a", {}).volumes, undefined);
    assert.equal(pod("b", { automountServiceAccountToken: true }).volumes?.length, 1);
    assert.deepEqual(pod("c", {}).imagePullSecrets, [{ name: "registry" }]);
    const imagePullSecrets = [{ name: "own" }];
    assert.deepEqual(pod("d", { imagePullSecrets }).imagePullSecrets, imagePullSecrets);
  });

  it("refuses Pods of accounts that are not there", () => {
    assert.equal(
      refusal(() => new Scene().make(Pod, "p", { spec: { containers, serviceAccountName: "x" } })),
      'pods "p" is forbidden: error looking up service account default/x: serviceaccount "x" not found',
    );
  });

  it("lets Pods use only what the account lists, if it asks for that", () => {
    const scene = new Scene();
    scene.make(
      ServiceAccount,
      "strict",
      { secrets: [{ name: "listed" }], imagePullSecrets: [{ name: "pull" }] },
      { annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } },
    );
    const why = (spec: object) =>
      refusal(() =>
        scene.make(Pod, "p", { spec: { containers, serviceAccountName: "strict", ...spec } }),
      );
    const end = "is not allowed because service account strict does not reference that";
    const secretKeyRef = { name: "other", key: "k" };
    const variable = { name: "V", valueFrom: { secretKeyRef } };
    const container = { name: "c", image: "i" };
    const table = [
      [
        { volumes: [{ name: "v", secret: { secretName: "other" } }] },
        `volume with secret.secretName="other" ${end} secret`,
      ],
      [
        { initContainers: [{ ...container, name: "first", env: [variable] }] },
        `init container first with envVar V referencing secret.secretName="other" ${end} secret`,
      ],
      [
        { containers: [{ ...container, envFrom: [{ secretRef: { name: "other" } }] }] },
        `container c with envFrom referencing secret.secretName="other" ${end} secret`,
      ],
      [
        { imagePullSecrets: [{ name: "pull" }, { name: "other" }] },
        `imagePullSecrets[1].name="other" ${end} imagePullSecret`,
      ],
    ] as const;
    for (const [spec, message] of table)
      assert.equal(why(spec), `pods "p" is forbidden: ${message}`);
    assert.equal(why({ volumes: [{ name: "v", secret: { secretName: "listed" } }] }), "");
  });

  it("lets mirror Pods name nothing", () => {
    const scene = new Scene();
    const { metadata } = scene.make(Node, "n");
    const owner = {
      apiVersion: "v1",
      kind: "Node",
      name: "n",
      uid: metadata.uid,
      controller: true,
    };
    const mirror = {
      annotations: { "kubernetes.io/config.mirror": "x" },
      ownerReferences: [owner],
    };
    const why = (spec: object) =>
      refusal(() => scene.make(Pod, "p", { spec: { containers, nodeName: "n", ...spec } }, mirror));
    const table = [
      [{ serviceAccountName: "default" }, "a mirror pod may not reference service accounts"],
      [
        { volumes: [{ name: "v", secret: { secretName: "s" } }] },
        "a mirror pod may not reference secrets",
      ],
      [
        {
          volumes: [
            { name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
          ],
        },
        "a mirror pod may not use ServiceAccountToken volume projections",
      ],
    ] as const;
    for (const [spec, message] of table)
      assert.equal(why(spec), `pods "p" is forbidden: ${message}`);
    assert.equal(why({}), "");
  });
});
