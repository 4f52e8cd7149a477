// Builds the extension and packs it into kubernetes-tutor.vsix.
// Usage: node scripts/package.mjs [--quiet]
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { exitCodeOf, node24, root } from "./install.mjs";

/** One universal file that anyone can fetch over a slow line. */
const vsixBudgetBytes = 3_000_000;

const vsix = join(root, "kubernetes-tutor.vsix");
const packing = ["package", "--no-dependencies", "--allow-missing-repository", "--out", vsix];

rmSync(vsix, { force: true });
await run("esbuild.mjs");
await run("node_modules/@vscode/vsce/vsce", ...packing);

const { size } = statSync(vsix);
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(2)} MB`;
console.log(`  kubernetes-tutor.vsix ${megabytes(size)} of at most ${megabytes(vsixBudgetBytes)}`);
if (size > vsixBudgetBytes) process.exitCode = 1;

/** Ends this process as well when a step fails: the step has said why. */
async function run(...command) {
  const quiet = process.argv.includes("--quiet");
  const stdio = ["ignore", quiet ? "ignore" : "inherit", "inherit"];
  const code = await exitCodeOf(node24, command, { stdio });
  if (code !== 0) process.exit(code);
}
