// What the extension costs the extension host when a YAML file is opened, and what it costs when
// somebody looks at the cluster: each measured in a fresh process with a stand-in for `vscode`.
// Run: npm run bench -- activation, after npm run build
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

const rounds = 11;
const root = join(import.meta.dirname, "..");

/** Each prints milliseconds: the module's loading, then `activate()` itself. */
const activation = `
  const { activate } = require(bundle("extension.cjs"));
  const loaded = performance.now();
  activate({ subscriptions: [] });
  return [loaded - started, performance.now() - loaded];`;
const rest = `
  require(bundle("desktop.cjs"));
  return [performance.now() - started];`;

/**
 * `vscode` as far as a start needs it: whatever is called does nothing. V8 compiles lazily either
 * way, so that what is measured is our own code.
 */
const program = (measured: string) => `
  const { Module } = require("node:module");
  const { join } = require("node:path");
  const nothing = () => new Proxy(function () {}, {
    get: (_, key) => key === Symbol.toPrimitive ? () => "" : key === Symbol.iterator ? undefined :
      key === "textDocuments" ? [] : key === "then" ? undefined : nothing(),
    apply: nothing,
    construct: nothing,
  });
  const load = Module._load;
  const vscode = nothing();
  Module._load = (name, ...rest) => name === "vscode" ? vscode : load(name, ...rest);
  const bundle = (name) => join(${JSON.stringify(root)}, "dist", name);
  const started = performance.now();
  console.log(JSON.stringify((() => { ${measured} })()));
  process.exit();`;

print("extension.cjs: load, activate()", measure(activation));
print("desktop.cjs: load, when somebody looks", measure(rest));

/** The median of each number over some fresh processes. */
function measure(measured: string): readonly number[] {
  const results = Array.from({ length: rounds }, () => run(measured));
  return (results[0] ?? []).map((_, i) => median(results.map((result) => result[i] ?? Number.NaN)));
}

function run(measured: string): readonly number[] {
  const args = ["--input-type=commonjs", "--eval", program(measured)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function print(what: string, values: readonly number[]): void {
  console.log(`${what.padEnd(42)} ${values.map((ms) => `${ms.toFixed(1)} ms`).join(", ")}`);
}
