// The desktop's VS Code with the extension, in a profile of its own.
import { once } from "node:events";
import type { Desktop } from "../test/support/vscode/desktop.ts";
import { runCode } from "../test/support/vscode/desktop.ts";
import { spawnGroup, stopGroup } from "../test/support/vscode/processGroup.ts";
import type { Profile } from "../test/support/vscode/profile.ts";
import { step } from "../test/support/vscode/report.ts";

/** What to open. */
export interface DesktopWindow {
  readonly desktop: Desktop;
  readonly profile: Profile;
  readonly workspace: string;
  readonly vsix: string;
  /** Only verifies that the extension gets installed. */
  readonly checkOnly: boolean;
}

/** Installs the extension, opens a window, and waits until it is closed or `interrupted`. */
export async function openOnDesktop(
  { desktop, profile, workspace, vsix, checkOnly }: DesktopWindow,
  interrupted: Promise<void>,
): Promise<void> {
  step(`Installing the extension into VS Code ${desktop.version} (${desktop.command}) …`);
  await runCode(desktop, profile, ["--install-extension", vsix, "--force"]);
  const installed = await runCode(desktop, profile, ["--list-extensions"]);
  if (!installed.includes("kubernetes-tutor.kubernetes-tutor"))
    throw new Error(`VS Code didn't install the extension; it has: ${installed}`);
  if (checkOnly) {
    step("Checked: the extension is installed.");
    return;
  }
  step("Opening VS Code. Close its window, or press Ctrl+C, to end.");
  const args = [...desktop.profileArguments(profile), "--new-window", "--wait", workspace];
  const child = spawnGroup(desktop.command, args, { stdio: "ignore" });
  await Promise.race([once(child, "exit"), interrupted]);
  await stopGroup(child);
}
