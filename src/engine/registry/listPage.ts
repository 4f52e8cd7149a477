// One page of a list, at the revision that the request asks for.
// Source: apiserver pkg/storage/etcd3/store.go GetList and pkg/storage/cacher, 1.34.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { ObjectList, RequestOptions } from "../../api/request.ts";
import {
  badRequestError,
  expiredContinueError,
  expiredError,
  tooLargeVersionError,
} from "../../api/status.ts";
import { Compacted } from "../store/etcdError.ts";
import type { Range, RangeOptions, Store } from "../store/store.ts";
import { agreedCompaction } from "./compactRevision.ts";
import { decodeContinue, encodeContinue } from "./continueToken.ts";
import { checkListOptions, parseResourceVersion } from "./listOptions.ts";
import { makeSelection } from "./selection.ts";
import { storagePrefix } from "./storageKeys.ts";
import { storedValue } from "./storedValue.ts";

/** @throws ApiError Invalid or BadRequest for the options, Expired, Timeout for a version to come */
export function listPage(
  store: Store,
  kind: Kind,
  namespace: string,
  options: RequestOptions,
): ObjectList {
  checkListOptions("list", options);
  const prefix = storagePrefix(kind, namespace);
  const start = startOf(store, prefix, options);
  const selects = makeSelection(kind, options);
  const { limit = 0 } = options;
  const items: KubeObject[] = [];
  let last = "";
  let remaining = 0;
  const { entries } = read(store, prefix, start, options);
  kind.storedAs?.prepare?.(entries.map(({ value }) => value));
  for (const { key, value } of entries) {
    const object = storedValue(kind, value);
    if (!selects(object)) continue;
    if (limit > 0 && items.length === limit) remaining++;
    else {
      items.push(object);
      last = key;
    }
  }
  const revision = start.at ?? store.revision;
  const isWhole = !options.labelSelector && !options.fieldSelector;
  return {
    apiVersion: kind.apiVersion,
    kind: kind.listKind,
    metadata: {
      resourceVersion: String(revision),
      ...(remaining > 0 ? { continue: encodeContinue({ revision, key: last }, prefix) } : {}),
      ...(remaining > 0 && isWhole ? { remainingItemCount: remaining } : {}),
    },
    items,
  };
}

/** The revision to read, newest if absent, and the key after which to begin. */
function startOf(store: Store, prefix: string, options: RequestOptions): RangeOptions {
  const { resourceVersion, resourceVersionMatch, continue: token, limit = 0 } = options;
  if (token) {
    if (resourceVersion && resourceVersion !== "0")
      throw badRequestError("specifying resource version is not allowed when using continue");
    const { revision, key } = decodeContinue(token, prefix);
    return { after: key, ...(revision < 0 ? {} : { at: revision }) };
  }
  const asked = parseResourceVersion(resourceVersion);
  if (asked > store.revision) throw tooLargeVersionError(asked, store.revision);
  const isExact = resourceVersionMatch === "Exact" || (!resourceVersionMatch && limit > 0);
  return isExact && asked > 0 ? { at: asked } : {};
}

function read(
  store: Store,
  prefix: string,
  start: RangeOptions,
  options: RequestOptions,
): Range<KubeObject> {
  const { at = Number.POSITIVE_INFINITY } = start;
  if (at < agreedCompaction(store)) throw tooOld(prefix, start, options);
  try {
    return store.range<KubeObject>(prefix, start);
  } catch (error) {
    if (error instanceof Compacted) throw tooOld(prefix, start, options);
    throw error;
  }
}

function tooOld(prefix: string, { after = prefix }: RangeOptions, options: RequestOptions) {
  return options.continue
    ? expiredContinueError(encodeContinue({ revision: -1, key: after }, prefix))
    : expiredError("The resourceVersion for the provided list is too old.");
}
