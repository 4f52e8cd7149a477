// A request to kube-apiserver and its answer, without a wire: every client ends here.
import type { KubeObject } from "./object.ts";
import type { Verb } from "./traceEvent.ts";

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface ApiRequest {
  readonly verb: Verb;
  /** "v1", "apps/v1". */
  readonly apiVersion: string;
  /** Plural: "pods". */
  readonly resource: string;
  readonly subresource?: string;
  /** "" for cluster-scoped resources, and for reads over all namespaces. */
  readonly namespace: string;
  /** Absent for collections. */
  readonly name?: string;
  /** The object of a create or update, or the patch. */
  readonly body?: unknown;
  /** The fields that the body's text names twice. */
  readonly duplicateFields?: readonly DuplicateField[];
  readonly patchType?: PatchType;
  readonly options?: RequestOptions;
  /** What the program calls itself that sent this over HTTP; absent for the cluster's own parts. */
  readonly userAgent?: string;
}

/** Of JSON by its path, "data.a"; of YAML by the line of its second value, from 1. */
export type DuplicateField =
  | { readonly path: string }
  | { readonly key: string; readonly line: number };

export interface RequestOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly limit?: number;
  readonly continue?: string;
  /** Of a watch: begin with what is there, closed by a bookmark. */
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks?: boolean;
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  readonly force?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface ApiResponse {
  readonly code: number;
  /** The object, a list, or a Status. */
  readonly body: unknown;
  readonly warnings: readonly string[];
}

/** A List body. */
export interface ObjectList<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly T[];
}

export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | {
      readonly type: "BOOKMARK";
      readonly object: {
        readonly apiVersion: string;
        readonly kind: string;
        readonly metadata: {
          readonly resourceVersion: string;
          readonly annotations?: Readonly<Record<string, string>>;
        };
      };
    };
