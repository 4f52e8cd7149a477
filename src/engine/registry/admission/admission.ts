// Admission: what the API server adds to a request, or refuses, before it stores the object.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../../api/object.ts";
import type { Draft } from "../../../base/draft.ts";
import type { Random } from "../../../base/random.ts";

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly user: string;
  /** Absent for deletions. Plugins may change it. */
  readonly object?: Draft<KubeObject>;
  readonly old?: KubeObject;
  readonly subresource?: string;
}

/** What plugins may read of the cluster. */
export interface AdmissionContext {
  find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>): readonly T[];
  readonly random: Random;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** Changes `request.object` or throws the ApiError that refuses the request. */
  admit(request: AdmissionRequest, context: AdmissionContext): void;
}
