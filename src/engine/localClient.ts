// How the components inside the engine talk to kube-apiserver: the same requests as everyone, the
// answer at once.
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/object.ts";
import type {
  ApiRequest,
  ApiResponse,
  ObjectList,
  PatchType,
  RequestOptions,
} from "../api/request.ts";
import { ApiError, type Status } from "../api/status.ts";
import type { Verb } from "../api/traceEvent.ts";

/** Sends one request as a given user. */
export type RequestHandler = (request: ApiRequest) => ApiResponse;

interface PatchOptions {
  readonly type?: PatchType;
  readonly subresource?: string;
  readonly options?: RequestOptions;
}

/** All methods throw ApiError when the server refuses. Objects that come back are frozen. */
export class LocalClient {
  /** Successful writes so far: controllers report how much a reconcile changed. */
  writes = 0;
  /** Called before each write is sent: a component's loop names the cause of what changes now. */
  beforeWrite: (() => void) | undefined;
  /** Called after each write that succeeded. */
  afterWrite: ((verb: Verb, kind: Kind) => void) | undefined;

  constructor(private readonly handle: RequestHandler) {}

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T {
    return this.send<T>(kind, { verb: "get", ...key });
  }

  /** Reads a subresource that is an object of its own, e.g. "scale". */
  getSubresource<S>(kind: Kind, key: ObjectKey, subresource: string): S {
    return this.send<S>(kind, { verb: "get", ...key, subresource });
  }

  list<T extends KubeObject>(
    kind: Kind<T>,
    options: RequestOptions & { readonly namespace?: string } = {},
  ): ObjectList<T> {
    const { namespace = "", ...rest } = options;
    return this.send<ObjectList<T>>(kind, { verb: "list", namespace, options: rest });
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: RequestOptions): T {
    const namespace = object.metadata.namespace ?? "";
    return this.write<T>(kind, { verb: "create", namespace, body: object, ...given({ options }) });
  }

  /** Replaces the object; conflicts if its resourceVersion is not the newest. */
  update<T extends KubeObject>(kind: Kind<T>, object: T, options?: RequestOptions): T {
    return this.write<T>(kind, {
      verb: "update",
      ...target(object),
      body: object,
      ...given({ options }),
    });
  }

  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): T {
    return this.updateSubresource(kind, object, "status");
  }

  /** Replaces a subresource of the object, e.g. "status" or "finalize". */
  updateSubresource<T extends KubeObject>(kind: Kind<T>, object: T, subresource: string): T {
    return this.write<T>(kind, { verb: "update", ...target(object), subresource, body: object });
  }

  /** A merge patch (RFC 7386) unless `type` says otherwise. */
  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    body: unknown,
    { type = "merge", subresource, options }: PatchOptions = {},
  ): T {
    return this.write<T>(kind, {
      verb: "patch",
      ...key,
      body,
      patchType: type,
      ...given({ subresource, options }),
    });
  }

  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: RequestOptions): void {
    this.write(kind, { verb: "delete", ...key, ...given({ options }) });
  }

  /** Deletes all objects of a kind in a namespace. */
  deleteCollection(kind: Kind, namespace: string, options?: RequestOptions): void {
    this.write(kind, { verb: "deletecollection", namespace, ...given({ options }) });
  }

  /** Creates a subresource, e.g. "binding" or "eviction". */
  createSubresource<T extends KubeObject, Answer = unknown>(
    kind: Kind<T>,
    key: ObjectKey,
    subresource: string,
    body: unknown,
  ): Answer {
    return this.write<Answer>(kind, { verb: "create", ...key, subresource, body });
  }

  private write<T>(kind: Kind, request: Omit<ApiRequest, "apiVersion" | "resource">): T {
    this.beforeWrite?.();
    const answer = this.send<T>(kind, request);
    this.writes++;
    this.afterWrite?.(request.verb, kind);
    return answer;
  }

  private send<T>(kind: Kind, request: Omit<ApiRequest, "apiVersion" | "resource">): T {
    const { apiVersion, plural } = kind;
    const { code, body } = this.handle({ apiVersion, resource: plural, ...request });
    if (code >= 400) throw new ApiError(body as Status);
    return body as T;
  }
}

function target(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** Leaves out members that are undefined: exactOptionalPropertyTypes tells absent from undefined. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
