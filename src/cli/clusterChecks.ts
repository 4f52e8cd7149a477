// What the API server of a cluster says beside what can be told without it, by dry runs.
import { KindRegistry } from "../api/kind.ts";
import { CustomResourceDefinition } from "../api/kinds/customResourceDefinition.ts";
import { builtInKinds } from "../api/kinds/index.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import type { CustomResourceDefinition as Definition } from "../api/types.ts";
import { rehearse } from "../client/rehearse.ts";
import type { ResourceClient } from "../client/resourceClient.ts";
import { locateFailure, missingName, type PlacedFailure } from "../language/failurePlaces.ts";
import { objectsOf } from "../language/fields.ts";
import { type IndexedObject, indexedLive } from "../language/indexedObject.ts";
import { type ManifestDocument, parseManifest } from "../language/manifest.ts";
import { ObjectIndex } from "../language/objectIndex.ts";
import type { Problem } from "../language/problem.ts";
import { ruleKinds } from "../language/rules/index.ts";

export class ClusterChecks {
  private readonly kinds = new KindRegistry(builtInKinds);

  constructor(private readonly client: ResourceClient) {}

  /** The custom kinds that it serves. */
  async definitions(): Promise<readonly Definition[]> {
    return (await this.client.list(CustomResourceDefinition)).items;
  }

  /** The objects that manifests may refer to. */
  async objects(): Promise<ObjectIndex> {
    const found = await Promise.all(ruleKinds.map((kind) => this.list(kind)));
    const index = new ObjectIndex();
    index.put("", found.flat());
    return index;
  }

  /**
   * What the server refuses in a text, `known` left out.
   * @param others what is deployed together with it: that it does not exist yet is no fault
   */
  async refusals(
    text: string,
    known: readonly Problem[],
    others: ObjectIndex,
  ): Promise<readonly PlacedFailure[]> {
    const failures: PlacedFailure[] = [];
    for (const object of parseManifest(text).flatMap(objectsOf)) {
      const { range } = object.root ?? {};
      const own = known.filter(
        ({ start, end }) => range && start <= range.end && end >= range.start,
      );
      if (own.some(({ source }) => source !== "validate")) continue;
      const error = await this.refusalOf(object);
      const missing = error && missingName(error);
      const comes = [...others.everything()].some(({ name }) => name === missing);
      if (!error || comes) continue;
      const placed = locateFailure(error, object, text);
      failures.push(...placed.filter(({ message }) => own.every((one) => one.message !== message)));
    }
    return failures;
  }

  private async refusalOf({ fields }: ManifestDocument): Promise<Error | undefined> {
    const object = fields as unknown as KubeObject;
    const kind = this.kinds.forObject(object.apiVersion, object.kind);
    if (!kind || kind.unstored) return undefined;
    try {
      await rehearse(this.client, kind, object);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  private async list(name: string): Promise<readonly IndexedObject[]> {
    const kind = builtInKinds.find(({ gvk, storedAs }) => gvk.kind === name && !storedAs);
    const items = kind ? (await this.client.list(kind)).items : [];
    return items.map((object) => indexedLive(object, name));
  }
}
