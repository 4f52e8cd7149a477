// Differences that a real API server told of refused updates.
import assert from "node:assert/strict";
import type { PodSpec, Toleration } from "../../../src/api/types.ts";
import { internalDiff } from "../../../src/api/validation/internalDiff.ts";

const accountVolume = {
  name: "kube-api-access",
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [
            {
              path: "namespace",
              fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
            },
          ],
        },
      },
      { configMap: { name: "more", items: [{ key: "service-ca.crt", path: "service-ca.crt" }] } },
    ],
  },
};

const evicted = ["not-ready", "unreachable"].map(
  (condition): Toleration => ({
    key: `node.kubernetes.io/${condition}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  }),
);

/** As the server completes a Pod of one container. */
const pod: PodSpec = {
  volumes: [accountVolume],
  containers: [
    {
      name: "c",
      image: "i",
      resources: {},
      volumeMounts: [
        {
          name: accountVolume.name,
          readOnly: true,
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        },
      ],
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      imagePullPolicy: "Always",
    },
  ],
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  serviceAccountName: "default",
  serviceAccount: "default",
  securityContext: {},
  schedulerName: "none",
  tolerations: evicted,
  priority: 0,
  enableServiceLinks: true,
  preemptionPolicy: "PreemptLowerPriority",
};

describe("what an update of immutable fields would change", () => {
  it("is told of a Pod's host name", () =>
    assert.equal(
      internalDiff("core.v1.PodSpec", pod, { ...pod, hostname: "h" }),
      `@@ -180,7 +180,7 @@
   "SELinuxChangePolicy": null
  },
  "ImagePullSecrets": null,
- "Hostname": "",
+ "Hostname": "h",
  "Subdomain": "",
  "SetHostnameAsFQDN": null,
  "Affinity": null,
`,
    ));

  it("is told of a Pod's node selector", () =>
    assert.equal(
      internalDiff("core.v1.PodSpec", pod, { ...pod, nodeSelector: { a: "b" } }),
      `@@ -155,7 +155,9 @@
  "TerminationGracePeriodSeconds": 30,
  "ActiveDeadlineSeconds": null,
  "DNSPolicy": "ClusterFirst",
- "NodeSelector": null,
+ "NodeSelector": {
+  "a": "b"
+ },
  "ServiceAccountName": "default",
  "AutomountServiceAccountToken": null,
  "NodeName": "",
`,
    ));

  it("is told of a claim's access modes", () => {
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    assert.equal(
      internalDiff("core.v1.PersistentVolumeClaimSpec", claim, {
        ...claim,
        accessModes: ["ReadWriteMany"],
      }),
      `@@ -1,6 +1,6 @@
 {
  "AccessModes": [
-  "ReadWriteOnce"
+  "ReadWriteMany"
  ],
  "Selector": null,
  "Resources": {
`,
    );
  });

  it("is told of a volume's source", () =>
    assert.equal(
      internalDiff(
        "core.v1.PersistentVolumeSource",
        { hostPath: { path: "/x", type: "" } },
        { hostPath: { path: "/y", type: "" } },
      ),
      `@@ -2,7 +2,7 @@
  "GCEPersistentDisk": null,
  "AWSElasticBlockStore": null,
  "HostPath": {
-  "Path": "/x",
+  "Path": "/y",
   "Type": ""
  },
  "Glusterfs": null,
`,
    ));

  it("is told of host namespaces where the server keeps them", () => {
    const diff = internalDiff("core.v1.PodSpec", pod, { ...pod, hostNetwork: true });
    assert.match(
      diff,
      / {2}"SecurityContext": \{\n- {2}"HostNetwork": false,\n\+ {2}"HostNetwork": true,\n/,
    );
  });

  it("is told in JSON as Go writes it", () => {
    const diff = internalDiff("core.v1.PodSpec", pod, { ...pod, hostname: "<&>" });
    assert.match(diff, /\+ "Hostname": "\\u003c\\u0026\\u003e",/);
  });
});
