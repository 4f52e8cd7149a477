// Serves the kinds of the definitions that are in force: what the registry of kinds knows follows them.
// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, kubernetes v1.34.
import { dequal } from "dequal";
import type { Converter } from "../../api/crd/conversion.ts";
import { customResourceKinds } from "../../api/crd/customResourceKind.ts";
import type { Kind, KindRegistry } from "../../api/kind.ts";
import { isConditionTrue } from "../../api/kinds/customResourceDefinition/conditions.ts";
import { CustomResourceDefinition } from "../../api/kinds/customResourceDefinition.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../../api/types.ts";
import { storagePrefix } from "../registry/storageKeys.ts";
import type { Store } from "../store/store.ts";

interface Served {
  readonly from: DefinitionObject;
  readonly kinds: readonly Kind[];
}

export class ServedResources {
  /** By the definition's name. */
  private readonly served = new Map<string, Served>();

  constructor(
    store: Store,
    private readonly kinds: KindRegistry,
    private readonly converter: Converter,
  ) {
    const prefix = storagePrefix(CustomResourceDefinition as unknown as Kind);
    for (const { value } of store.range<DefinitionObject>(prefix).entries) this.take(value);
    store.watch(prefix, store.revision, ({ entry, key }) => {
      if (entry) this.take(entry.value as DefinitionObject);
      else this.drop(key.slice(prefix.length));
    });
  }

  private take(crd: DefinitionObject): void {
    const { name } = crd.metadata;
    const known = this.served.get(name);
    if (known && isSame(known.from, crd)) return;
    const made = isServed(crd) ? customResourceKinds(crd, this.converter) : [];
    this.replace(
      name,
      made.filter((kind) => this.isFree(kind, known)),
    );
    if (made.length > 0) this.served.set(name, { from: crd, kinds: made });
  }

  private drop(name: string): void {
    this.replace(name, []);
  }

  private replace(name: string, kinds: readonly Kind[]): void {
    const before = this.served.get(name)?.kinds ?? [];
    this.served.delete(name);
    for (const kind of before)
      if (this.kinds.forResource(kind.apiVersion, kind.plural) === kind) this.kinds.remove(kind);
    for (const kind of kinds) this.kinds.add(kind);
  }

  /** Built-in kinds come first. */
  private isFree({ apiVersion, plural }: Kind, own: Served | undefined): boolean {
    const present = this.kinds.forResource(apiVersion, plural);
    return !present || (own?.kinds.includes(present) ?? false);
  }
}

function isServed(crd: DefinitionObject): boolean {
  return isConditionTrue(crd, "Established");
}

/** What a definition's kinds are made of. */
function isSame(a: DefinitionObject, b: DefinitionObject): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    dequal(a.spec, b.spec) &&
    dequal(a.status?.acceptedNames, b.status?.acceptedNames) &&
    isConditionTrue(a, "Terminating") === isConditionTrue(b, "Terminating")
  );
}
