// A page that stands alone: the timeline's bundle with a stand-in for the extension, in a VS Code theme.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bodyClassOf, type ThemeName, variablesOf } from "./themes.ts";

const root = join(import.meta.dirname, "../../..");

/** The files by their names in the page's folder. The page allows no inline script or style. */
export async function harnessFiles(theme: ThemeName): Promise<ReadonlyMap<string, Buffer>> {
  return new Map([
    ["index.html", Buffer.from(htmlOf(theme))],
    ["standIn.js", await bundle("test/webview/harness/standIn.ts")],
    ["timeline.js", await bundle("src/webview/timeline/main.tsx")],
    ["timeline.css", readFileSync(join(root, "media/timeline.css"))],
    ["codicon.css", readCodicon("codicon.css")],
    ["codicon.ttf", readCodicon("codicon.ttf")],
  ]);
}

/** As strict as the extension's own page; the theme's variables are set by a script, as VS Code does. */
function htmlOf(theme: ThemeName): string {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'";
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Timeline</title>
    <link rel="stylesheet" href="codicon.css">
    <link rel="stylesheet" href="timeline.css">
  </head>
  <body class="${bodyClassOf(theme)}" data-vscode-theme-kind="${bodyClassOf(theme)}"
    data-variables="${variablesOf(theme)}">
    <div id="timeline"></div>
    <script src="standIn.js"></script>
    <script src="timeline.js"></script>
  </body>
</html>
`;
}

async function bundle(entry: string): Promise<Buffer> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2023",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

function readCodicon(file: string): Buffer {
  return readFileSync(join(root, "node_modules/@vscode/codicons/dist", file));
}
