// Builds the extension and packs it into kubernetes-tutor.vsix.
// Usage: node scripts/package.mjs
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { root, runNode } from "./install.mjs";

/** One universal file that anyone can fetch over a slow line. */
const vsixBudgetBytes = 3_000_000;

const vsix = join(root, "kubernetes-tutor.vsix");
rmSync(vsix, { force: true });
await runNode(["esbuild.mjs"]);
await runNode([
  "node_modules/@vscode/vsce/vsce",
  "package",
  "--no-dependencies",
  "--allow-missing-repository",
  "--out",
  vsix,
]);

const { size } = statSync(vsix);
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(2)} MB`;
console.log(
  `kubernetes-tutor.vsix has ${megabytes(size)} of at most ${megabytes(vsixBudgetBytes)}.`,
);
if (size > vsixBudgetBytes) process.exitCode = 1;
