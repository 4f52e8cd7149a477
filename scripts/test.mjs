// `npm test`: everything that must hold, cheapest first, from a fresh clone too.
// Usage: npm test [-- NAME...], with names of steps such as types, unit, electron, ui
import { ensureInstalled, exitCodeOf, node24 } from "./install.mjs";

await ensureInstalled();
process.exitCode = await exitCodeOf(node24, ["scripts/runTests.ts", ...process.argv.slice(2)]);
