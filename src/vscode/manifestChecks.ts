// What checks manifests for everyone here: one memory of what was read, so that a text that several ask
// about is read once.
import type { ManifestChecker } from "../language/manifestChecker.ts";
import { loadLanguage } from "./loadLanguage.ts";

export class ManifestChecks {
  private current: ManifestChecker | undefined;

  async checker(): Promise<ManifestChecker> {
    const { ManifestChecker } = await loadLanguage();
    this.current ??= new ManifestChecker();
    return this.current;
  }
}
