import assert from "node:assert/strict";
import { requestInfo } from "../../../src/engine/http/requestInfo.ts";

/** "get pods.v1 default/web/log", or the verb and path of what is no resource. */
function described(line: string): string {
  const [method = "", target = ""] = line.split(" ");
  const url = new URL(target, "https://127.0.0.1");
  const info = requestInfo(method, decodeURIComponent(url.pathname), url.searchParams);
  if (!info.isResource) return `${info.verb} ${info.path}`;
  const { verb, resource, apiVersion, namespace, name, subresource } = info;
  const place = [namespace, name, subresource].filter((part) => part !== undefined).join("/");
  return `${verb} ${apiVersion} ${resource} ${place}`;
}

describe("what a URL asks for", () => {
  for (const [request, expected] of [
    ["GET /api/v1/namespaces/other/pods", "list v1 pods other"],
    ["GET /api/v1/namespaces/other/pods/foo", "get v1 pods other/foo"],
    ["HEAD /api/v1/namespaces/other/pods/foo", "get v1 pods other/foo"],
    ["GET /api/v1/pods", "list v1 pods "],
    ["HEAD /api/v1/pods", "list v1 pods "],
    ["POST /api/v1/namespaces/other/pods", "create v1 pods other"],
    ["PUT /api/v1/namespaces/other/pods/foo", "update v1 pods other/foo"],
    ["PATCH /api/v1/namespaces/other/pods/foo", "patch v1 pods other/foo"],
    ["DELETE /api/v1/namespaces/other/pods/foo", "delete v1 pods other/foo"],
    ["DELETE /api/v1/namespaces/other/pods", "deletecollection v1 pods other"],
    ["GET /api/v1/namespaces", "list v1 namespaces "],
    ["GET /api/v1/namespaces/other", "get v1 namespaces other/other"],
    ["PUT /api/v1/namespaces/other/finalize", "update v1 namespaces other/other/finalize"],
    ["PUT /api/v1/namespaces/other/status", "update v1 namespaces other/other/status"],
    ["GET /api/v1/namespaces/other/pods/foo/log", "get v1 pods other/foo/log"],
    ["GET /apis/apps/v1/deployments", "list apps/v1 deployments "],
    ["GET /apis/apps/v1/namespaces/d/deployments/web/scale", "get apps/v1 deployments d/web/scale"],
    ["GET /api/v1/nodes/n1", "get v1 nodes /n1"],
    ["GET /api/v1/watch/pods", "watch v1 pods "],
    ["GET /api/v1/watch/namespaces/other/pods", "watch v1 pods other"],
    ["GET /api/v1/watch/namespaces/other/pods/foo", "watch v1 pods other/foo"],
    ["GET /api/v1/pods?watch=true", "watch v1 pods "],
    ["GET /api/v1/pods?watch", "watch v1 pods "],
    ["GET /api/v1/pods?watch=1", "watch v1 pods "],
    ["GET /api/v1/pods?watch=False", "list v1 pods "],
    ["GET /api/v1/pods?watch=0", "list v1 pods "],
    ["GET /api/v1/namespaces/other/pods/foo?watch=true", "get v1 pods other/foo"],
    ["GET /api/v1/pods?fieldSelector=metadata.name%3Dfoo", "list v1 pods /foo"],
    ["GET /api/v1/pods?fieldSelector=metadata.name%21%3Dfoo", "list v1 pods "],
    [
      "GET /api/v1/pods?fieldSelector=status.phase%3DRunning,metadata.name%3Dfoo",
      "list v1 pods /foo",
    ],
    ["GET /api/v1/pods?fieldSelector=metadata.name%3Da%2Fb", "list v1 pods "],
    ["GET /api/v1/pods/", "list v1 pods "],
    ["GET /api", "get /api"],
    ["GET /api/v1", "get /api/v1"],
    ["GET /apis", "get /apis"],
    ["GET /apis/apps", "get /apis/apps"],
    ["GET /apis/apps/v1", "get /apis/apps/v1"],
    ["GET /healthz", "get /healthz"],
    ["POST /version", "post /version"],
    ["GET /", "get /"],
    ["GET /api/v1/watch", "get /api/v1/watch"],
  ] as const)
    it(request, () => assert.equal(described(request), expected));
});
