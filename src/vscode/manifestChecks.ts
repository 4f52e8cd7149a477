// What checks manifests for everyone here: one memory of what was read, so that a text that several ask
// about is read once.
import { EventEmitter } from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { CustomKinds } from "../language/customKinds.ts";
import type { ManifestChecker } from "../language/manifestChecker.ts";
import { loadLanguage } from "./loadLanguage.ts";

export class ManifestChecks implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<void>());
  /** Other kinds are known than before: what was found is found anew. */
  readonly onDidChange = this.changes.event;
  private current: ManifestChecker | undefined;
  private kinds: CustomKinds | undefined;

  dispose(): void {
    this.owned.dispose();
  }

  /** Kinds beside the built-in ones; undefined if no definition is known. */
  get custom(): CustomKinds | undefined {
    return this.kinds;
  }

  set custom(kinds: CustomKinds | undefined) {
    this.kinds = kinds;
    this.current = undefined;
    this.changes.fire();
  }

  async checker(): Promise<ManifestChecker> {
    const { ManifestChecker } = await loadLanguage();
    this.current ??= new ManifestChecker({
      findsAllFaults: true,
      ...(this.kinds ? { custom: this.kinds } : {}),
    });
    return this.current;
  }
}
