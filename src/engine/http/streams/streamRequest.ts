// A request to reach into something that runs, with its sender known and allowed.
import type { ObjectKey } from "../../../api/object.ts";
import type { HttpRequest } from "../exchange.ts";

export interface StreamRequest {
  readonly request: HttpRequest;
  readonly query: URLSearchParams;
  readonly key: ObjectKey;
  readonly subresource: string;
  /** What follows the subresource in the path: "" or "/metrics". */
  readonly path: string;
}
