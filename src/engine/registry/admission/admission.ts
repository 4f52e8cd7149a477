// Admission: what the API server adds to a request, or refuses, before it stores the object.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../../api/object.ts";
import type { RequestOptions } from "../../../api/request.ts";
import { type ApiError, forbiddenError } from "../../../api/status.ts";
import type { UserInfo } from "../../../api/user.ts";
import type { Draft } from "../../../base/draft.ts";
import type { Random } from "../../../base/random.ts";
import type { Instant } from "../../../base/time.ts";
import type { WebhookDialogue } from "./webhooks/webhookDialogue.ts";

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly kind: Kind;
  /** The name is "" while it is still to be generated. */
  readonly key: ObjectKey;
  readonly user: UserInfo;
  /** Absent for deletions. Of a connection its options, which have no metadata. */
  readonly object?: Draft<KubeObject>;
  readonly old?: KubeObject;
  readonly subresource?: string;
  /** What the objects are, if not of the resource's kind: Scale. */
  readonly objectKind?: Kind;
  readonly options: RequestOptions;
  /** Texts of Warning headers; plugins add to them. */
  readonly warnings: string[];
  /** What webhooks said so far; absent for the components' own requests, of which they don't hear. */
  readonly webhooks?: WebhookDialogue;
  /** It was admitted as something else before. */
  readonly isAdmitted?: true;
  /** The chain runs once more, since a webhook changed the object. */
  readonly isRepeated?: true;
}

/** What plugins may read of the cluster, and the one thing they may write. */
export interface AdmissionContext {
  find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[];
  readonly random: Random;
  now(): Instant;
  /** Replaces the status of an object, as the server itself. */
  writeStatus<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, status: object): void;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** It has a say in connections into what runs; most plugins only know of writes. */
  readonly seesConnections?: true;
  /**
   * Changes `request.object`, or throws the ApiError that refuses the request. Runs before the kind
   * prepares the object and before a name is generated.
   * @returns "again" if all plugins should look at what this one made of the object
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most plugins have nothing to say
  admit?(request: AdmissionRequest, context: AdmissionContext): "again" | undefined | void;
  /** Throws the ApiError that refuses the finished, valid object. */
  validate?(request: AdmissionRequest, context: AdmissionContext): void;
}

/**
 * The refusal of a plugin. A name that is still to be generated is named by its beginning.
 * Source: apiserver pkg/admission/errors.go NewForbidden, 1.34.
 */
export function admissionError({ kind, key, object }: AdmissionRequest, cause: string): ApiError {
  const name = key.name || object?.metadata.generateName || "Unknown";
  return forbiddenError({ group: kind.gvk.group, kind: kind.plural, name }, cause);
}
