// Asks as Kubernetes' own end-to-end tests do: bodies as protobuf wherever a kind has that form, answers
// of any form, merge patches as JSON.
import assert from "node:assert/strict";
import { DisposableStore } from "../../src/base/disposable.ts";
import { encodeProtobuf, type TypeMeta } from "../../src/engine/http/protobuf.ts";
import { HttpCluster, Reader } from "./httpCluster.ts";

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object as it came over the wire. */
export interface Answered extends Readonly<Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Meta;
}

export interface AnsweredList {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly Answered[];
}

const pollsPerSecond = 4;

/** What client-go accepts for typed objects. */
const accept = "application/vnd.kubernetes.protobuf, */*";
const protobuf = "application/vnd.kubernetes.protobuf";

export class E2eClient extends DisposableStore {
  readonly cluster: HttpCluster;

  constructor(workers = 0) {
    super();
    this.cluster = this.add(new HttpCluster(workers));
  }

  /** Lets the cluster's own components work. */
  run(ms: number): void {
    this.cluster.engine.clock.run(ms);
  }

  async get(path: string): Promise<Answered> {
    return (await this.answer(200, "GET", path)) as Answered;
  }

  async list(path: string): Promise<AnsweredList> {
    return (await this.answer(200, "GET", path)) as AnsweredList;
  }

  async create(path: string, object: object): Promise<Answered> {
    return (await this.answer(201, "POST", path, object)) as Answered;
  }

  async update(path: string, object: object): Promise<Answered> {
    return (await this.answer(200, "PUT", path, object)) as Answered;
  }

  /** A merge patch, or one of another type: "strategic-merge", "json". */
  async patch(path: string, patch: object, type = "merge"): Promise<Answered> {
    const contentType = `application/${type}-patch+json`;
    const { code, body } = await this.cluster.json("PATCH", path, { body: patch, contentType });
    assert.equal(code, 200, JSON.stringify(body));
    return body as Answered;
  }

  /** Deletes an object or a collection, with options in the body. */
  async delete(path: string, options: object = {}): Promise<Answered> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
    return (await this.answer(200, "DELETE", path, body)) as Answered;
  }

  /** Polls as the framework does, in the cluster's time. */
  async until(seconds: number, what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let passed = 0; passed <= seconds * pollsPerSecond; passed++) {
      if (await holds()) return;
      this.run(1_000 / pollsPerSecond);
    }
    assert.fail(`not within ${seconds} s: ${what}`);
  }

  async watch(path: string): Promise<Reader> {
    const reader = new Reader();
    await this.cluster.watch(path, reader, { headers: { accept } });
    return reader;
  }

  /** The answer's body, whose code has to be the one expected. */
  async answer(code: number, method: string, path: string, object?: object): Promise<unknown> {
    const body = object && (encodeProtobuf(object as TypeMeta) ?? object);
    const answer = await this.cluster.json(method, path, {
      headers: { accept },
      ...(body ? { body } : {}),
      ...(body ? { contentType: body instanceof Uint8Array ? protobuf : "application/json" } : {}),
    });
    assert.equal(answer.code, code, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
