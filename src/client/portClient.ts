// ResourceClient over the messages of an engine in a worker.
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/object.ts";
import type { ApiRequest, ObjectList, PatchType, WatchEvent } from "../api/request.ts";
import { ApiError, type Status } from "../api/status.ts";
import type { Remote } from "../base/rpc.ts";
import type { EngineContract } from "./engineContract.ts";
import type { DeleteOptions, ListQuery, ResourceClient, WriteOptions } from "./resourceClient.ts";

type RequestPart = Omit<ApiRequest, "apiVersion" | "resource">;

export class PortClient implements ResourceClient {
  constructor(private readonly remote: Remote<EngineContract>) {}

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.send(kind, { verb: "get", ...key });
  }

  list<T extends KubeObject>(kind: Kind<T>, query: ListQuery = {}): Promise<ObjectList<T>> {
    return this.send(kind, { verb: "list", ...selection(query) });
  }

  async *watch<T extends KubeObject>(
    kind: Kind<T>,
    query: ListQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly WatchEvent<T>[]> {
    const request = address(kind, { verb: "watch", ...selection(query) });
    for await (const batch of this.remote.stream("watch", [request], signal))
      yield batch as readonly WatchEvent<T>[];
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const namespace = object.metadata.namespace ?? "";
    return this.send(kind, { verb: "create", namespace, body: object, options });
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace = "", name } = object.metadata;
    return this.send(kind, { verb: "update", namespace, name, body: object, options });
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    { type, body }: { readonly type: PatchType; readonly body: unknown },
    options: WriteOptions = {},
  ): Promise<T> {
    return this.send(kind, { verb: "patch", ...key, patchType: type, body, options });
  }

  async delete<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<void> {
    await this.send(kind, { verb: "delete", ...key, options });
  }

  private async send<T>(kind: Kind, request: RequestPart): Promise<T> {
    const { code, body } = await this.remote.call("request", address(kind, request));
    if (code >= 400) throw new ApiError(body as Status);
    return body as T;
  }
}

function address(kind: Kind, request: RequestPart): ApiRequest {
  return { apiVersion: kind.apiVersion, resource: kind.plural, ...request };
}

function selection({
  namespace = "",
  ...options
}: ListQuery): Pick<ApiRequest, "namespace" | "options"> {
  return { namespace, options };
}
