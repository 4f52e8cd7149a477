// `npm start`: opens VS Code with the extension and the examples, from a fresh clone too.
// Usage: npm start [-- --browser] [-- --check] [-- --port N]
import { ensureInstalled, exitCodeOf, node24 } from "./install.mjs";

await ensureInstalled();
console.log("▸ Building and packing the extension …");
const packed = await exitCodeOf(node24, ["scripts/package.mjs", "--quiet"]);
process.exitCode =
  packed || (await exitCodeOf(node24, ["scripts/openVscode.ts", ...process.argv.slice(2)]));
