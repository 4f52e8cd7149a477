// A request on its way through the server: its kind is known, its sender allowed.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../api/object.ts";
import type { ApiRequest } from "../../api/request.ts";
import type { Verb } from "../../api/traceEvent.ts";
import type { UserInfo } from "../../api/user.ts";
import type { Draft } from "../../base/draft.ts";
import type { Instant } from "../../base/time.ts";
import type { Authenticator } from "./authenticator.ts";
import type { Authorizer } from "./authorizer.ts";
import type { FieldManagement } from "./fieldManagement.ts";
import type { MetricsSource } from "./metricsSource.ts";
import type { Registry, WriteScope } from "./registry.ts";
import type { ServiceAccountTokens } from "./tokens/serviceAccountTokens.ts";

export interface Call {
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly request: ApiRequest;
  readonly user: UserInfo;
  /** What the registry needs to know of the sender and the options. */
  readonly scope: WriteScope;
  /** Texts of Warning headers so far. */
  readonly warnings: string[];
}

/** What answers to subresources and reviews are made of. */
export interface ServerParts {
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  readonly tokens: ServiceAccountTokens;
  readonly authenticator: Authenticator;
  readonly fields: FieldManagement;
  now(): Instant;
  /** Whether a part of the control plane answers: "kube-scheduler". */
  isRunning(component: string): boolean;
  /** What nodes and Pods use. */
  readonly metrics: MetricsSource;
  /** What is wrong with etcd; undefined if nothing is. */
  etcdHealth(): string | undefined;
  /** The body as an object of the call's kind. @throws ApiError BadRequest */
  decode(call: Call): Draft<KubeObject>;
  /** `old` with the call's patch applied, as an object of the call's kind. @throws ApiError */
  patched(call: Call, old: KubeObject): Draft<KubeObject>;
}

/** Answers to the verbs of one subresource; the body of the answer, or an ApiError thrown. */
export type SubresourceHandler = Partial<
  Record<Verb, (call: Call, server: ServerParts) => unknown>
>;

/** Answers for a kind that is not stored: a review with its status filled in, e.g. */
export type ReviewHandler = (call: Call, server: ServerParts) => unknown;
