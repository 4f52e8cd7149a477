// The one door to a cluster over the wire that kubectl speaks. How to get through TLS and who asks is
// the business of the `fetch` that it is given.
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/object.ts";
import type { ObjectList, PatchType, RequestOptions, WatchEvent } from "../api/request.ts";
import { ApiError, type Status } from "../api/status.ts";
import { jsonLines } from "./jsonLines.ts";
import type { DeleteOptions, ListQuery, ResourceClient, WriteOptions } from "./resourceClient.ts";

/** The part of the platform's `fetch` that is needed here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpServer {
  /** "https://127.0.0.1:6443", without a slash at its end. */
  readonly url: string;
  readonly fetch: Fetch;
}

type WireEvent<T extends KubeObject> =
  | WatchEvent<T>
  | { readonly type: "ERROR"; readonly object: Status };

const jsonType = "application/json";
const patchTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

export class HttpClient implements ResourceClient {
  constructor(private readonly server: HttpServer) {}

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.send("GET", pathOf(kind, key.namespace, key.name));
  }

  async list<T extends KubeObject>(kind: Kind<T>, query: ListQuery = {}): Promise<ObjectList<T>> {
    const list: ObjectList<T> = await this.send("GET", collectionOf(kind, query), {});
    // On the wire, what the list says of its items is not said again by each.
    const { apiVersion, gvk } = kind;
    const items = list.items.map((item) => ({ ...item, apiVersion, kind: gvk.kind }));
    return { ...list, items };
  }

  async *watch<T extends KubeObject>(
    kind: Kind<T>,
    query: ListQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly WatchEvent<T>[]> {
    if (signal.aborted) return;
    try {
      const path = collectionOf(kind, query, { watch: "true" });
      const { body } = await this.request("GET", path, { signal });
      if (!body) return;
      for await (const batch of jsonLines<WireEvent<T>>(body)) yield checked(batch);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const path = pathOf(kind, object.metadata.namespace) + queryOf(writeParameters(options));
    return this.send("POST", path, { body: object });
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace, name } = object.metadata;
    const path = pathOf(kind, namespace, name) + queryOf(writeParameters(options));
    return this.send("PUT", path, { body: object });
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    { namespace, name }: ObjectKey,
    { type, body }: { readonly type: PatchType; readonly body: unknown },
    options: WriteOptions = {},
  ): Promise<T> {
    const path = pathOf(kind, namespace, name) + queryOf(writeParameters(options));
    return this.send("PATCH", path, { body, contentType: patchTypes[type] });
  }

  async delete<T extends KubeObject>(
    kind: Kind<T>,
    { namespace, name }: ObjectKey,
    { dryRun, ...options }: DeleteOptions = {},
  ): Promise<void> {
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      ...options,
      ...(dryRun ? { dryRun: ["All"] } : {}),
    };
    await this.send("DELETE", pathOf(kind, namespace, name), { body });
  }

  private async send<T>(method: string, path: string, content: Content = {}): Promise<T> {
    const response = await this.request(method, path, content);
    return (await response.json()) as T;
  }

  /** @throws ApiError (as a rejection) with the server's Status, or with one made of what it answered */
  private async request(
    method: string,
    path: string,
    { body, contentType = jsonType, signal }: Content,
  ): Promise<Response> {
    const response = await this.server.fetch(this.server.url + path, {
      method,
      headers: {
        Accept: jsonType,
        ...(body === undefined ? {} : { "Content-Type": contentType }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (response.ok) return response;
    throw new ApiError(statusOf(response.status, await response.text()));
  }
}

interface Content {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

function pathOf({ apiVersion, plural, namespaced }: Kind, namespace = "", name?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope =
    namespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const tail = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${plural}${tail}`;
}

function collectionOf(
  kind: Kind,
  { namespace, ...query }: ListQuery,
  more: Parameters = {},
): string {
  return pathOf(kind, namespace) + queryOf({ ...query, ...more });
}

function queryOf(parameters: Parameters): string {
  const entries = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries)}`;
}

function writeParameters({
  dryRun,
  fieldManager,
  fieldValidation,
  force,
}: WriteOptions): Parameters {
  return {
    dryRun: dryRun ? "All" : undefined,
    fieldManager,
    fieldValidation,
    force: force === undefined ? undefined : String(force),
  } satisfies Record<keyof Pick<RequestOptions, keyof WriteOptions>, string | undefined>;
}

/** @throws ApiError if the server ends the watch with an error, e.g. Expired */
function checked<T extends KubeObject>(batch: readonly WireEvent<T>[]): readonly WatchEvent<T>[] {
  return batch.map((event) => {
    if (event.type === "ERROR") throw new ApiError(event.object);
    return event;
  });
}

/** Not all that answers is kube-apiserver: a proxy on the way may say what it likes. */
function statusOf(code: number, text: string): Status {
  try {
    const status = JSON.parse(text) as Partial<Status>;
    if (status.kind === "Status") return status as Status;
  } catch {
    // It is no JSON: the text is the message.
  }
  const message = text === "" ? `the server answers with status ${code}` : text;
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code };
}
