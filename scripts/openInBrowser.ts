// VS Code in the browser: code-server's workbench, reachable from this machine only.
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Profile } from "../test/support/vscode/profile.ts";
import { step } from "../test/support/vscode/report.ts";
import { installExtension, type Server, startServer } from "../test/support/vscode/server.ts";

const tokenBytes = 18;

/** What to open, and where. */
export interface BrowserWindow {
  readonly profile: Profile;
  readonly workspace: string;
  readonly vsix: string;
  readonly port?: number;
}

/** A served workbench and the address that opens it. */
export interface BrowserSession {
  readonly server: Server;
  readonly address: string;
}

/**
 * Installs the extension, starts the server and prints the address. The address carries a secret:
 * whoever may use the workbench may run commands, so other users of the machine must not.
 */
export async function openInBrowser(window: BrowserWindow): Promise<BrowserSession> {
  await installExtension(window.profile, window.vsix);
  step("The extension is installed. Starting the server …");
  const connectionToken = randomBytes(tokenBytes).toString("base64url");
  const { profile, port } = window;
  const server = await startServer({ profile, connectionToken, ...(port ? { port } : {}) });
  const query = new URLSearchParams({ folder: window.workspace, tkn: connectionToken });
  const address = `${server.origin}/?${query}`;
  step(`Open  ${address}`);
  step("Ctrl+C ends it.");
  return { server, address };
}

/**
 * Verifies that the server shows the workbench to who has the secret and nothing to others.
 * @throws Error with what is wrong.
 */
export async function checkBrowser(
  { server, address }: BrowserSession,
  { extensions }: Profile,
): Promise<void> {
  const withoutSecret = await fetch(server.origin);
  if (withoutSecret.status !== 403)
    throw new Error(`without the secret the server answers ${withoutSecret.status}, not 403`);
  const page = await fetchPage(address);
  if (!page.includes("workbench")) throw new Error(`${address} doesn't answer with the workbench`);
  const installed = readdirSync(extensions).find((name) => name.startsWith("kubernetes-tutor."));
  if (!installed) throw new Error("the extension isn't among the installed ones");
  step(`Checked: the workbench answers, and ${installed} is installed.`);
}

/** The first answer sets the secret as a cookie and redirects, as for a browser. */
async function fetchPage(address: string): Promise<string> {
  const first = await fetch(address, { redirect: "manual" });
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const target = new URL(first.headers.get("location") ?? address, address);
  return (await fetch(target, { headers: { cookie } })).text();
}
