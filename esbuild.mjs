// Bundles the extension, its worker, the webview and the command line into dist/.
// Usage: node esbuild.mjs [--tests] [--watch] [--readable]
//   --tests     also bundle test/electron into dist-test/, for the extension host
//   --watch     build again at every change
//   --readable  no minification
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import { gatherFieldDocs } from "./scripts/fieldDocs.mjs";
import { jsonAsText } from "./scripts/jsonAsText.mjs";

const root = import.meta.dirname;
const flags = new Set(process.argv.slice(2));
const kilobyte = 1024;

/** What the reader of the timeline waits for when it opens. */
const webviewBudgetBytes = 150 * kilobyte;

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !flags.has("--readable"),
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  logLevel: "warning",
  metafile: true,
  plugins: [jsonAsText],
};

/** The extension host of VS Code 1.125 and the `node` development dependency are both Node 24. */
const onNode = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node24",
  define: { "import.meta.dirname": "__dirname" },
};

const inBrowser = { ...common, platform: "browser", target: "es2023" };

/** An ES module has no `require`, which bundled CommonJS packages still ask for. */
const requireInEsm =
  'import { createRequire as __createRequire } from "node:module";' +
  "const require = __createRequire(import.meta.url);";

/** What an entry imports later is a file of its own: a small one to start with, another that needs more. */
const apart = (source, path) => ({
  name: `${source} apart`,
  setup(build) {
    build.onResolve({ filter: new RegExp(`^\\./${source}\\.ts$`) }, () => ({
      path,
      external: true,
    }));
  },
});

const entries = [
  {
    ...onNode,
    from: "src/extension.ts",
    outfile: "dist/extension.cjs",
    external: ["vscode"],
    plugins: [jsonAsText, apart("desktop", "./desktop.cjs")],
    // The extension host answers `require("vscode")` only to modules that were required.
    supported: { "dynamic-import": false },
  },
  { ...onNode, from: "src/desktop.ts", outfile: "dist/desktop.cjs", external: ["vscode"] },
  { ...onNode, from: "src/engine/host/nodeWorker.ts", outfile: "dist/worker.cjs" },
  {
    ...onNode,
    from: "src/cli/main.ts",
    outfile: "dist/cli.js",
    format: "esm",
    target: "node22",
    define: {},
    banner: { js: `#!/usr/bin/env node\n${requireInEsm}` },
    plugins: [jsonAsText, apart("serve", "./serve.js")],
  },
  {
    ...onNode,
    from: "src/cli/serve.ts",
    outfile: "dist/serve.js",
    format: "esm",
    target: "node22",
    define: {},
    banner: { js: requireInEsm },
  },
  {
    ...inBrowser,
    from: "src/extension.web.ts",
    outfile: "dist/extension.web.cjs",
    format: "cjs",
    external: ["vscode"],
  },
  {
    ...inBrowser,
    from: "src/engine/host/webWorker.ts",
    outfile: "dist/worker.web.js",
    format: "iife",
  },
  {
    ...inBrowser,
    from: "src/webview/timeline/main.tsx",
    outfile: "dist/webview/timeline.js",
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
    external: ["*.ttf"],
  },
].filter(({ from }) => existsSync(join(root, from)));

/** Mocha runs inside the extension host from files of their own, so that it can report on each. */
const testEntry = {
  ...onNode,
  minify: false,
  sourcesContent: true,
  outdir: "dist-test",
  outbase: "test/electron",
  outExtension: { ".js": ".cjs" },
  entryPoints: ["test/electron/index.ts", "test/electron/suite/*.test.ts"],
  external: ["vscode", "mocha"],
};

rmSync(join(root, "dist"), { recursive: true, force: true });
copyCodicons();
writeFileSync(join(root, "dist/fieldDocs.json"), JSON.stringify(gatherFieldDocs()));
const configurations = entries.map(({ from, ...rest }) => ({ ...rest, entryPoints: [from] }));
if (flags.has("--tests")) {
  rmSync(join(root, "dist-test"), { recursive: true, force: true });
  configurations.push(testEntry);
}
if (flags.has("--watch")) await watch(configurations);
else await buildOnce(configurations);

async function watch(configurations) {
  const contexts = await Promise.all(configurations.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
  console.log("esbuild watches for changes.");
}

async function buildOnce(configurations) {
  const results = await Promise.all(configurations.map((options) => esbuild.build(options)));
  const sizes = results.flatMap(({ metafile }) =>
    Object.entries(metafile.outputs).filter(([path]) => /\.(js|cjs|css)$/.test(path)),
  );
  for (const [path, { bytes }] of sizes.filter(([path]) => path.startsWith("dist/")))
    console.log(`  ${path.padEnd(26)} ${kilobytes(bytes).padStart(10)}`);
  checkWebviewBudget();
}

function checkWebviewBudget() {
  const script = join(root, "dist/webview/timeline.js");
  if (!existsSync(script)) return;
  const { size } = statSync(script);
  if (size <= webviewBudgetBytes) return;
  console.error(
    `${basename(script)} has ${kilobytes(size)}, its budget is ${kilobytes(webviewBudgetBytes)}.`,
  );
  process.exitCode = 1;
}

/** The icon font of VS Code, which a webview has to bring along itself. */
function copyCodicons() {
  const target = join(root, "dist/webview");
  mkdirSync(target, { recursive: true });
  for (const file of ["codicon.css", "codicon.ttf"])
    cpSync(join(root, "node_modules/@vscode/codicons/dist", file), join(target, file));
}

function kilobytes(bytes) {
  return `${(bytes / kilobyte).toFixed(1)} kB`;
}
