// Puts field management in the path of every write. Source: apiserver pkg/endpoints/handlers and
// apimachinery pkg/util/managedfields, 1.34.
import type { Kind, KindRegistry, Subresource } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { withoutZeros } from "../../api/openapi/withoutZeros.ts";
import { fieldRulesOf } from "../../api/patch/fieldRules.ts";
import {
  type ApplyOutcome,
  applyConfiguration,
  type FieldRules,
  managedFieldsAfterUpdate,
} from "../../api/patch/serverSideApply.ts";
import type { Draft } from "../../base/draft.ts";
import { formatTime, type Instant } from "../../base/time.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is written: a resource, or one of its subresources. */
export interface FieldTarget {
  readonly kind: Kind;
  readonly subresource?: Subresource | undefined;
}

export class FieldManagement {
  private readonly rules = new WeakMap<Kind, Map<Subresource | undefined, FieldRules>>();

  constructor(
    private readonly kinds: KindRegistry,
    private readonly now: () => Instant,
  ) {}

  /**
   * Puts down to `manager` what a create, an update or a patch changes.
   * @param live undefined if the object is new
   * @param object defaulted, not yet admitted
   */
  track(
    target: FieldTarget,
    live: KubeObject | undefined,
    object: Draft<KubeObject>,
    manager: string,
  ): void {
    const managed = managedFieldsAfterUpdate(
      this.rulesOf(target),
      live && { ...live },
      withoutZeros({ ...object }, target.kind.apiVersion, target.kind.gvk.kind),
      this.writer(manager),
    );
    if (managed === undefined) delete object.metadata.managedFields;
    // Entries are shared between the states of an object; freezing is harmless, changing them is not done.
    else object.metadata.managedFields = [...managed] as Draft<typeof managed>;
  }

  /** Merges an applied configuration into the live object. @throws ApiError */
  apply(
    target: FieldTarget,
    live: KubeObject | undefined,
    config: Json,
    { manager, force }: { readonly manager: string; readonly force: boolean },
  ): ApplyOutcome {
    const writer = { ...this.writer(manager), force };
    return applyConfiguration(this.rulesOf(target), live && { ...live }, config, writer);
  }

  private writer(manager: string) {
    return { manager, time: formatTime(this.now()) };
  }

  private rulesOf({ kind, subresource }: FieldTarget): FieldRules {
    let bySubresource = this.rules.get(kind);
    if (!bySubresource) {
      bySubresource = new Map();
      this.rules.set(kind, bySubresource);
    }
    const known = bySubresource.get(subresource);
    if (known) return known;
    const made = fieldRulesOf(kind, this.kinds, subresource);
    bySubresource.set(subresource, made);
    return made;
  }
}
