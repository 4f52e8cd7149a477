// An API server with a namespace and nothing else, for tests of what it makes of requests.
import { type Kind, KindRegistry } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { ApiRequest, ApiResponse } from "../../../src/api/request.ts";
import type { Status } from "../../../src/api/status.ts";
import { userNamed } from "../../../src/api/user.ts";
import { Random } from "../../../src/base/random.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { namespaceLifecycle } from "../../../src/engine/registry/admission/namespaceLifecycle.ts";
import { ApiServer } from "../../../src/engine/registry/apiServer.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { Trace } from "../../../src/engine/trace.ts";

const start = Date.UTC(2026, 0, 31, 9);

export class TestServer {
  private readonly server: ApiServer;

  constructor() {
    const clock = new VirtualClock(start);
    this.server = new ApiServer({
      clock,
      store: new Store(() => clock.now()),
      trace: new Trace(clock),
      random: new Random(1),
      kinds: new KindRegistry(builtInKinds),
      admission: [namespaceLifecycle],
    });
    this.server.client("tester").create(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "default" },
      spec: {},
    });
  }

  /** Sends a request about a kind's object in the default namespace. */
  send(
    kind: Kind,
    verb: ApiRequest["verb"],
    request: Partial<ApiRequest> & { readonly body?: unknown } = {},
  ): ApiResponse {
    return this.server.handle(userNamed("tester"), {
      verb,
      apiVersion: kind.apiVersion,
      resource: kind.plural,
      namespace: kind.namespaced ? "default" : "",
      ...request,
    });
  }

  create(kind: Kind, body: object): ApiResponse {
    return this.send(kind, "create", { body });
  }

  /** Changes an object by a merge patch. */
  patch(kind: Kind, name: string, body: object, subresource?: string): ApiResponse {
    const part = subresource === undefined ? {} : { subresource };
    return this.send(kind, "patch", { name, body, patchType: "merge", ...part });
  }
}

export function messageOf({ code, body }: ApiResponse): string {
  return `${code} ${(body as Status).message ?? (body as KubeObject).metadata.name}`;
}
