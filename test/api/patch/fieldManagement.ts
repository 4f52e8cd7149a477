// A stage for field management without a server: one object, written by many managers in turn.
import { strict as assert } from "node:assert";
import type { Kind } from "../../../src/api/kind.ts";
import { KindRegistry } from "../../../src/api/kind.ts";
import { fieldRulesOf } from "../../../src/api/patch/fieldRules.ts";
import {
  applyConfiguration,
  type FieldRules,
  managedFieldsAfterUpdate,
} from "../../../src/api/patch/serverSideApply.ts";
import { ApiError } from "../../../src/api/status.ts";
import { formatTime } from "../../../src/base/time.ts";

export type Json = Readonly<Record<string, unknown>>;

/** An object under field management; each write is a second after the one before. */
export class ManagedObject {
  live: Json | undefined;
  private now = 0;
  private readonly rules: FieldRules;

  constructor(kind: Kind, kinds: readonly Kind[] = [kind]) {
    this.rules = fieldRulesOf(kind, new KindRegistry(kinds));
  }

  /** @throws ApiError as the server would */
  apply(manager: string, config: Json, { force = false } = {}): this {
    const full = this.full(config);
    const { object, managedFields } = applyConfiguration(this.rules, this.live, full, {
      ...this.writer(manager),
      force,
    });
    this.live = this.stored(withoutNulls(object) as Json, managedFields);
    return this;
  }

  update(manager: string, object: Json): this {
    const full = this.full(object);
    const managed = managedFieldsAfterUpdate(this.rules, this.live, full, this.writer(manager));
    this.live = this.stored(full, managed);
    return this;
  }

  /** What an apply is refused with; fails if it is not. */
  refusal(manager: string, config: Json): ApiError {
    try {
      this.apply(manager, config);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    throw new assert.AssertionError({ message: "the apply was not refused" });
  }

  /** The object without its metadata. */
  get content(): Json {
    const { apiVersion: _, kind: _kind, metadata: _metadata, ...content } = this.live ?? {};
    return content;
  }

  /** "manager operation fieldsV1" of each entry. */
  get owners(): readonly string[] {
    return this.entries.map(
      ({ manager, operation, fieldsV1 }) => `${manager} ${operation} ${JSON.stringify(fieldsV1)}`,
    );
  }

  get entries(): readonly Json[] {
    const { managedFields = [] } = (this.live?.metadata ?? {}) as { managedFields?: Json[] };
    return managedFields;
  }

  private full(object: Json): Json {
    const { apiVersion, kind } = this.rules;
    return { apiVersion, kind, ...object };
  }

  private stored(object: Json, managedFields: unknown): Json {
    const { managedFields: _, ...rest } = object.metadata as Json;
    const metadata = { ...rest, uid: "1" };
    return {
      ...object,
      metadata: managedFields === undefined ? metadata : { ...metadata, managedFields },
    };
  }

  private writer(manager: string) {
    this.now += 1000;
    return { manager, time: formatTime(this.now) };
  }
}

/** As decoding an object does: what is empty is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && !isEmptyMap(inner))
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
