// Installs code-server (VS Code's workbench and extension host as an npm package) and a packed
// Chromium into .vscode-test/.
import { join } from "node:path";
import { ensureInstallation, npm } from "../installation.ts";

/** The installed parts, by path. */
export interface Toolchain {
  /** code-server's VS Code server; start it with Node 24. */
  readonly serverMain: string;
  /** The unpacked npm package @sparticuz/chromium. */
  readonly chromiumPackage: string;
  /** A folder beside them for what is made of them. */
  readonly folder: string;
}

/** Returns the toolchain, installing it first where it is missing: 1 GB, under a minute. */
export async function ensureToolchain(): Promise<Toolchain> {
  const folder = await ensureInstallation({
    name: "toolchain",
    manifestFolder: join(import.meta.dirname, "toolchain"),
    announcement: "Installing VS Code from npm (code-server, 1 GB, once) …",
    async complete(partial) {
      await npm(codeServer(partial), "install", "--omit=dev");
      await npm(join(codeServer(partial), "extensions"), "install", "--omit=dev");
    },
  });
  return {
    serverMain: join(codeServer(folder), "out/server-main.js"),
    chromiumPackage: join(folder, "node_modules/@sparticuz/chromium"),
    folder,
  };
}

function codeServer(folder: string): string {
  return join(folder, "node_modules/code-server/lib/vscode");
}
