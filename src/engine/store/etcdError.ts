// What etcd refuses, in its words. Source: etcd api/v3rpc/rpctypes/error.go, 3.6.
import type { Revision } from "./entry.ts";

/** An expected refusal by etcd; the text is etcd's. */
export class EtcdError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EtcdError";
  }
}

/** A read or watch below the oldest kept revision. */
export class Compacted extends EtcdError {
  constructor(readonly compactRevision: Revision) {
    super("etcdserver: mvcc: required revision has been compacted");
  }
}

/** A write whose expectation of the key's revision did not hold. Ours: etcd answers with an outcome. */
export class CompareFailed extends EtcdError {
  constructor(
    readonly key: string,
    readonly actual: Revision,
  ) {
    super(`the key ${key} is at revision ${actual}`);
  }
}

/** A read of a revision that does not exist yet. */
export const futureRevision = (): EtcdError =>
  new EtcdError("etcdserver: mvcc: required revision is a future revision");
export const emptyKey = (): EtcdError => new EtcdError("etcdserver: key is not provided");
export const duplicateKey = (): EtcdError =>
  new EtcdError("etcdserver: duplicate key given in txn request");
export const tooManyOperations = (): EtcdError =>
  new EtcdError("etcdserver: too many operations in txn request");
export const leaseNotFound = (): EtcdError =>
  new EtcdError("etcdserver: requested lease not found");
export const leaseExists = (): EtcdError => new EtcdError("etcdserver: lease already exists");
export const leaseTtlTooLarge = (): EtcdError => new EtcdError("etcdserver: too large lease TTL");
/** Nobody said in time that the request was carried out; it may still be. */
export const requestTimedOut = (): EtcdError => new EtcdError("etcdserver: request timed out");
/** The alarm NOSPACE is raised. */
export const noSpace = (): EtcdError => new EtcdError("etcdserver: mvcc: database space exceeded");
