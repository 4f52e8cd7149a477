// Where the harness finds and keeps its files.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The checkout: the folder with package.json. */
export const root = join(import.meta.dirname, "../../..");

/** Downloads and installations, kept between runs and ignored by git. */
export const cacheFolder = join(root, ".vscode-test");

/** The packed extension that `npm run package` writes. */
export const vsixFile = join(root, "kubernetes-tutor.vsix");

/**
 * A new folder outside the checkout; whoever asks removes it. Its path is short, for there will be
 * Unix sockets in it, and macOS allows 104 bytes for theirs.
 */
export function temporaryFolder(purpose: string): string {
  const parent = process.platform === "darwin" ? "/tmp" : tmpdir();
  return mkdtempSync(join(parent, `kt-${purpose}-`));
}
