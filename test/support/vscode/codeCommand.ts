// Takes the arguments of the desktop's `code` executable, as @vscode/test-electron gives them, and
// carries them out with code-server and a headless page. Exits with the tests' code.
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type ExtensionTestRun, runExtensionTests } from "./extensionTests.ts";
import { createProfile, type Profile, profileIn, seedSettings } from "./profile.ts";
import { installExtension } from "./server.ts";

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionDevelopmentKind: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
    "install-extension": { type: "string", multiple: true },
    "disable-extensions": { type: "boolean" },
    "enable-workspace-trust": { type: "boolean" },
    locale: { type: "string" },
  },
});

const profile = requestedProfile();
try {
  for (const vsix of values["install-extension"] ?? [])
    await installExtension(profile, resolve(String(vsix)));
  const run = requestedRun();
  if (run) process.exitCode = await runExtensionTests(run, (line) => console.log(line));
} finally {
  if (!text("user-data-dir")) profile.remove();
}

/** The profile that the arguments name, which keeps its settings; without one, a throw-away one. */
function requestedProfile(): Profile {
  const userData = text("user-data-dir");
  if (!userData) return createProfile();
  const named = profileIn(resolve(userData, "../server"));
  const absolute = resolve(userData);
  if (!existsSync(resolve(absolute, "User/settings.json"))) seedSettings(absolute, {});
  const extensions = resolve(text("extensions-dir") ?? named.extensions);
  return { ...named, userData: absolute, extensions };
}

function requestedRun(): ExtensionTestRun | undefined {
  const developmentPath = text("extensionDevelopmentPath");
  const testsPath = text("extensionTestsPath");
  if (!developmentPath || !testsPath) return undefined;
  const folder = positionals.find((path) => existsSync(path) && statSync(path).isDirectory());
  const locale = text("locale");
  return {
    profile,
    developmentPath: resolve(developmentPath),
    testsPath: resolve(testsPath),
    workspaceTrust: values["enable-workspace-trust"] === true,
    disableExtensions: values["disable-extensions"] === true,
    ...(values.extensionDevelopmentKind === "web" ? { kind: "web" } : {}),
    ...(folder ? { folder: resolve(folder) } : {}),
    ...(locale ? { locale } : {}),
  };
}

function text(name: keyof typeof values): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
