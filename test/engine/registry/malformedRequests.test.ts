import assert from "node:assert/strict";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { LimitRange } from "../../../src/api/kinds/limitRange.ts";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import { ResourceQuota } from "../../../src/api/kinds/resourceQuota.ts";
import type { ApiRequest } from "../../../src/api/request.ts";
import { userNamed } from "../../../src/api/user.ts";
import { Scene } from "./admission/scene.ts";

/** A namespace in which every plugin looks at what comes. */
function makeScene(): Scene {
  const scene = new Scene();
  scene.make(ResourceQuota, "q", {
    spec: { hard: { pods: "9", "requests.cpu": "9", services: "9", "requests.storage": "9Gi" } },
  });
  scene.make(LimitRange, "l", {
    spec: { limits: [{ type: "Container", default: { cpu: "1" } }, { type: "Pod" }] },
  });
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  scene.client.patch(Namespace, { namespace: "", name: "default" }, { metadata: { labels } });
  scene.settle();
  return scene;
}

const one = [{}];
const spec = { containers: one, volumes: one, template: { spec: { containers: one } } };
const parts = { spec, rules: one, subjects: one, roleRef: {}, webhooks: one, limits: one };

const bodies = (head: object): readonly unknown[] => [
  undefined,
  null,
  "text",
  [],
  {},
  head,
  { ...head, metadata: null, spec: null, status: null },
  { ...head, metadata: { name: "x" } },
  { ...head, metadata: { name: "x" }, spec: {} },
  { ...head, metadata: { generateName: "x-" }, ...parts },
];

describe("the server answers", () => {
  const scene = makeScene();
  const users = ["kubernetes-admin", "system:node:a"].map(userNamed);

  for (const { apiVersion, gvk, plural, namespaced, subresources } of builtInKinds)
    it(`whatever it is sent as ${gvk.kind} of ${apiVersion}`, () => {
      const base = { apiVersion, resource: plural, namespace: namespaced ? "default" : "" };
      const requests = bodies({ apiVersion, kind: gvk.kind }).flatMap((body) => [
        { ...base, verb: "create", body } as const,
        ...(["create", "update", "patch"] as const).flatMap((verb) =>
          [undefined, ...subresources].map((subresource) => ({
            ...base,
            verb,
            name: "q",
            ...(subresource === undefined ? {} : { subresource }),
            patchType: "merge" as const,
            body,
          })),
        ),
      ]);
      for (const request of requests)
        for (const user of users)
          assert.ok(
            scene.engine.apiServer.handle(user, {
              ...(request as ApiRequest),
              options: { dryRun: true },
            }).code >= 200,
          );
    });
});
