// The browser that shows the workbench: the system's Chromium, or the one packed for npm.
import { execFile } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { moveIntoPlace } from "../installation.ts";
import { step } from "./report.ts";
import { ensureToolchain } from "./toolchain.ts";

const systemPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser that Playwright can launch. */
export interface Chromium {
  readonly executablePath: string;
  /** What has to be added to its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a Chromium: the one that $CHROMIUM_PATH names, the system's, or the one that npm delivers
 * for Linux on x64 together with the system libraries it needs (`CHROMIUM_PATH=npm` insists on it).
 */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  const candidates = named ? [named] : systemPaths;
  const installed = candidates.find((path) => existsSync(path));
  if (installed) return { executablePath: installed, env: {} };
  if (named && named !== "npm") throw new Error(`CHROMIUM_PATH names no file: ${named}`);
  return unpackedChromium();
}

async function unpackedChromium(): Promise<Chromium> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("No Chromium was found. Name one in the environment: CHROMIUM_PATH=…");
  const { folder, chromiumPackage } = await ensureToolchain();
  const unpacked = join(folder, "chromium");
  if (!existsSync(unpacked)) await unpack(join(chromiumPackage, "bin"), unpacked);
  return {
    executablePath: join(unpacked, "chromium"),
    env: {
      LD_LIBRARY_PATH: join(unpacked, "lib"),
      FONTCONFIG_FILE: writeFontConfiguration(unpacked),
    },
  };
}

async function unpack(packed: string, folder: string): Promise<void> {
  step("Unpacking Chromium (once) …");
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  await decompress(join(packed, "chromium.br"), join(partial, "chromium"));
  for (const name of ["al2023", "fonts", "swiftshader"]) {
    const archive = join(partial, `${name}.tar`);
    await decompress(join(packed, `${name}.tar.br`), archive);
    await untar(archive, partial);
  }
  moveIntoPlace(partial, folder);
}

async function decompress(from: string, to: string): Promise<void> {
  const executable = createWriteStream(to, { mode: 0o755 });
  await pipeline(createReadStream(from), createBrotliDecompress(), executable);
}

function untar(archive: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("tar", ["-xf", archive, "-C", folder], (error) => (error ? reject(error) : resolve()));
  });
}

/** The system's fonts, where it has any, and the packed ones: a bare machine shows text too. */
function writeFontConfiguration(unpacked: string): string {
  const file = join(unpacked, "fonts.conf");
  const folders = ["/usr/share/fonts", "/usr/local/share/fonts", join(unpacked, "fonts")];
  const lines = folders.map((folder) => `  <dir>${folder}</dir>`).join("\n");
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines}\n` +
      `  <cachedir>${join(dirname(file), "font-cache")}</cachedir>\n</fontconfig>\n`,
  );
  return file;
}
