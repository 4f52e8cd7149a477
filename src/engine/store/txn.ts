// Transactions: conditions, and what is done if they hold or not. Source: etcd rpc.proto TxnRequest.
import { dequal } from "dequal";
import type { Entry, Revision } from "./entry.ts";
import { duplicateKey, emptyKey, tooManyOperations } from "./etcdError.ts";
import type { LeaseId } from "./leases.ts";

/** One key, or all that start with a prefix. */
export type Keys = { readonly key: string } | { readonly prefix: string };

type Relation = "=" | "!=" | "<" | ">";

/** A condition on a key; a key that does not exist has the revisions and version 0, and no value. */
export type Compare =
  | {
      readonly key: string;
      readonly target: "createRevision" | "modRevision" | "version" | "lease";
      readonly relation: Relation;
      readonly wanted: number;
    }
  | {
      readonly key: string;
      readonly target: "value";
      readonly relation: Relation;
      readonly wanted: unknown;
    };

export interface PutOperation {
  readonly type: "put";
  readonly key: string;
  readonly value: unknown;
  readonly lease?: LeaseId;
}

export type Operation =
  | PutOperation
  | ({ readonly type: "delete" } & Keys)
  | ({ readonly type: "range"; readonly at?: Revision; readonly limit?: number } & Keys);

export interface Txn {
  /** All must hold for success. */
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure?: readonly Operation[];
}

/** Of one operation, in the order of the operations. */
export type OperationResult =
  | { readonly type: "put"; readonly previous?: Entry }
  | { readonly type: "delete"; readonly deleted: readonly Entry[] }
  | { readonly type: "range"; readonly entries: readonly Entry[]; readonly count: number };

export interface TxnResult {
  /** Whether the conditions held. */
  readonly succeeded: boolean;
  /** The store's revision afterwards; a new one if anything was written. */
  readonly revision: Revision;
  readonly results: readonly OperationResult[];
}

/** Source: --max-txn-ops. */
const mostOperations = 128;

/** Source: server/etcdserver/txn applyCompare. */
export function holds(compare: Compare, entry: Entry | undefined): boolean {
  if (compare.target !== "value")
    return isRelated(entry?.[compare.target] ?? 0, compare.relation, compare.wanted);
  // A value that is not there compares to nothing.
  if (!entry) return false;
  const { relation, wanted } = compare;
  if (relation === "=") return dequal(entry.value, wanted);
  if (relation === "!=") return !dequal(entry.value, wanted);
  return isRelated(String(entry.value), relation, String(wanted));
}

function isRelated<T extends number | string>(found: T, relation: Relation, wanted: T): boolean {
  switch (relation) {
    case "=":
      return found === wanted;
    case "!=":
      return found !== wanted;
    case "<":
      return found < wanted;
    case ">":
      return found > wanted;
  }
}

/**
 * Refuses a transaction that could not be carried out in any order: no key is written twice.
 * Source: server/etcdserver/api/v3rpc/key.go checkTxnRequest and checkIntervals.
 * @throws EtcdError
 */
export function checkTxn({ compare, success, failure = [] }: Txn): void {
  if (Math.max(compare.length, success.length, failure.length) > mostOperations)
    throw tooManyOperations();
  if (compare.some(({ key }) => key === "")) throw emptyKey();
  checkOperations(success);
  checkOperations(failure);
}

function checkOperations(operations: readonly Operation[]): void {
  const written = new Set<string>();
  for (const operation of operations) {
    if ("key" in operation && operation.key === "") throw emptyKey();
    if (operation.type !== "put") continue;
    if (written.has(operation.key)) throw duplicateKey();
    written.add(operation.key);
  }
  if (written.size === 0) return;
  for (const operation of operations)
    if (operation.type === "delete" && [...written].some((key) => covers(operation, key)))
      throw duplicateKey();
}

export function covers(keys: Keys, key: string): boolean {
  return "prefix" in keys ? key.startsWith(keys.prefix) : key === keys.key;
}
