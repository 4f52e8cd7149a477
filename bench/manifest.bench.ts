// From a keystroke in a manifest to its new problems: everything that the server would say, and all
// rules; beside yaml-language-server as a library, which compares with a schema. And what the first look
// at a manifest costs in a fresh process, the loading of the bundle included.
// Run: npm run bench -- manifest
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { build } from "esbuild";
import { jsonAsText } from "../scripts/jsonAsText.mjs";
import { ManifestChecker } from "../src/language/manifestChecker.ts";
import { ObjectIndex } from "../src/language/objectIndex.ts";
import { rules } from "../src/language/rules/index.ts";
import { manifestOf, singlePod, typed } from "./manifest/texts.ts";
import { type Validate, yamlLanguageServer } from "./manifest/yamlLanguageServer.ts";

const rounds = 400;
/** The compiler has to see the code often before it is quick. */
const warmUps = 400;
const allRules = Object.fromEntries(rules.map(({ name }) => [name, "warning"] as const));

const peer = yamlLanguageServer();

await compare("a Pod of 50 lines", singlePod, 1);
for (const lines of [1_100, 10_000]) {
  const { text, documents } = manifestOf(lines);
  await compare(`${lines} lines, ${documents} documents`, text, documents);
}
await measureColdStart();

async function compare(name: string, text: string, documents: number): Promise<void> {
  const checker = new ManifestChecker();
  const index = new ObjectIndex();
  const found = checkAll(checker, index, text);
  const ours = keystrokes(text, (next) => checkAll(checker, index, next));
  console.log(`${name} (${found} problems)`);
  console.log(`  ours                  ${summary(ours)}`);
  const whole = keystrokes(
    text,
    (next) => new ManifestChecker().check(next),
    Math.min(1, 40 / documents),
  );
  console.log(`  ours, nothing known   ${summary(whole)}`);
  console.log(`  yaml-language-server  ${summary(await peerKeystrokes(text, peer))}`);
}

function checkAll(checker: ManifestChecker, index: ObjectIndex, text: string): number {
  const problems = checker.check(text);
  index.put("this", checker.objectsOf(text, "this"));
  return problems.length + checker.checkRules(text, index, allRules).length;
}

function keystrokes(text: string, check: (text: string) => unknown, share = 1): number[] {
  const costs: number[] = [];
  for (let i = 0; i < (warmUps + rounds) * Math.min(share, 1); i++) {
    // As from an editor: a text that nobody has looked at yet.
    const next = Buffer.from(typed(text, i)).toString();
    const began = performance.now();
    check(next);
    costs.push(performance.now() - began);
  }
  return costs.slice(costs.length >> 1);
}

async function peerKeystrokes(text: string, validate: Validate): Promise<number[]> {
  const costs: number[] = [];
  const count = text.length > 100_000 ? 10 : 100;
  for (let i = 0; i < count; i++) {
    const next = typed(text, i);
    const began = performance.now();
    await validate(next);
    costs.push(performance.now() - began);
  }
  return costs.slice(count >> 1);
}

function summary(costs: readonly number[]): string {
  const sorted = costs.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(2);
  return `median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms`;
}

/** Bundled as the extension bundles it. */
async function measureColdStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "manifest-bench-"));
  try {
    const outfile = join(folder, "language.cjs");
    const entry = join(import.meta.dirname, "..", "src", "language", "manifestChecker.ts");
    const options = { bundle: true, minify: true, platform: "node", format: "cjs" } as const;
    const plugins = [jsonAsText];
    await build({ ...options, plugins, target: "node24", entryPoints: [entry], outfile });
    const text = join(folder, "pod.yaml");
    writeFileSync(text, singlePod);
    const runs = Array.from({ length: 11 }, () => coldRun(outfile, text));
    const size = (statSync(outfile).size / 1024).toFixed(0);
    const column = (i: number): string =>
      (runs.map((run) => run[i] ?? 0).toSorted((a, b) => a - b)[5] ?? 0).toFixed(1);
    console.log(
      `a fresh process: load of ${size} KB ${column(0)} ms, first problems ${column(1)} ms`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function coldRun(bundle: string, file: string): readonly number[] {
  const program = `
    const text = require("node:fs").readFileSync(${JSON.stringify(file)}, "utf8");
    const began = performance.now();
    const { ManifestChecker } = require(${JSON.stringify(bundle)});
    const loaded = performance.now();
    new ManifestChecker().check(text);
    console.log(JSON.stringify([loaded - began, performance.now() - loaded]));`;
  const args = ["--input-type=commonjs", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
