// Runs benchmarks, each in a process of its own. Usage: npm run bench [-- NAME...]
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const suffix = ".bench.ts";
const folder = import.meta.dirname;
const all = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join()}; there are ${all.join(", ")}.`);
  process.exit(2);
}
for (const name of asked.length === 0 ? all : asked) {
  console.log(`\n▸ ${name}`);
  const file = join(folder, name + suffix);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
