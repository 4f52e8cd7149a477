// A throw-away profile of VS Code: settings, extensions and state that belong to nobody.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./paths.ts";

/** Values of settings.json. */
export type Settings = Readonly<Record<string, unknown>>;

/** The folders of one profile. */
export interface Profile {
  readonly folder: string;
  readonly userData: string;
  readonly extensions: string;
  readonly serverData: string;
  /** Sockets and other short-lived files of the server. */
  readonly temporary: string;
  remove(): void;
}

/** Nothing greets, updates, phones home or takes room: only the extension is to be seen. */
const quiet: Settings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "security.workspace.trust.enabled": false,
  "window.commandCenter": false,
  "git.enabled": false,
};

/** Makes a profile with quiet settings; `settings` are laid over them. */
export function createProfile(settings: Settings = {}): Profile {
  const profile = profileIn(temporaryFolder("vscode"));
  seedSettings(profile.userData, settings);
  return profile;
}

/** Names the folders of a profile below `folder` and makes those that a server expects. */
export function profileIn(folder: string): Profile {
  const profile = {
    folder,
    userData: join(folder, "ud"),
    extensions: join(folder, "ext"),
    serverData: join(folder, "sd"),
    temporary: join(folder, "tmp"),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
  for (const each of [profile.userData, profile.extensions, profile.serverData, profile.temporary])
    mkdirSync(each, { recursive: true });
  return profile;
}

/** Writes the settings.json of a profile that hasn't been opened yet. */
export function seedSettings(userData: string, settings: Settings): void {
  mkdirSync(join(userData, "User"), { recursive: true });
  const text = JSON.stringify({ ...quiet, ...settings }, null, 2);
  writeFileSync(join(userData, "User/settings.json"), text);
}
