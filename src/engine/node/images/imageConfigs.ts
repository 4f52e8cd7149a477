// What is in an image, by its name: a user land, the programs that it is known for, and their settings.
import type { Container } from "../../../api/types.ts";
import type { CatalogImage } from "../catalogImage.ts";
import { idleUsage } from "../idleUsage.ts";
import { catalogImage } from "../imageCatalog.ts";
import type { ImageConfig } from "../imageConfig.ts";
import { type ImageName, parseImageName } from "../imageName.ts";
import { type Directory, shared } from "../process/fileNode.ts";
import type { Executable } from "../process/process.ts";
import { imageTools, toolsetKey } from "../programs/imageTools.ts";
import { programsOf } from "../programs/index.ts";
import { baseFiles, putProgram, type Userland } from "./baseFiles.ts";
import { imagePrograms } from "./imagePrograms.ts";
import { quietServer } from "./quietServer.ts";
import { entrypointWrapper } from "./wrapper.ts";

const configs = new Map<string, ImageConfig>();

/** The image of a container; one that nobody knows runs as a quiet server. */
export function imageConfigOf(container: Container): ImageConfig {
  const name = parseImageName(container.image ?? "");
  const image = "error" in name ? undefined : catalogImage(name.repository);
  if (!image || "error" in name) return unknownImage(container);
  const userland = userlandOf(image, name);
  const key = `${image.repository} ${userland} ${toolsetKey(name.tag)}`;
  const known = configs.get(key);
  if (known) return known;
  const made = configOf(image, userland, name.tag);
  configs.set(key, made);
  return made;
}

/** Images without a shell. */
const bare =
  /\/(pause|http-echo|whoami|hello-app|hello-world|echo-server|coredns|metrics-server|kube-\w+|kube-controller-manager|etcd)$/;
const busyboxBased = /\/(busybox|alpine|agnhost|curl|stress|bash)$/;

function userlandOf({ repository }: CatalogImage, { tag }: ImageName): Userland {
  if (bare.test(repository)) return "none";
  return busyboxBased.test(repository) || /alpine|busybox/.test(tag) ? "busybox" : "debian";
}

function configOf(image: CatalogImage, userland: Userland, tag: string): ImageConfig {
  const { entrypoint = [], command = [], uid = 0, behaviour } = image;
  const own = imagePrograms(image);
  const tools = userland === "none" ? new Map() : imageTools(image.repository, tag, userland);
  const files = baseFiles(userland, tools);
  for (const [path, program] of Object.entries(own.programs)) putProgram(files, path, program);
  own.furnish?.(files);
  const main = [...entrypoint, ...command].find(
    (word) => !isWrapper(word) && !word.startsWith("-"),
  );
  const generic = genericProgram(image);
  for (const word of entrypoint)
    if (isWrapper(word)) putProgram(files, pathFor(word), entrypointWrapper(command));
  if (main !== undefined && generic && !isThere(files, main, own.programs))
    putProgram(files, pathFor(main), generic);
  return {
    files: shared(files) as Directory,
    entrypoint,
    command,
    env: own.env ?? {},
    workingDir: own.workingDir ?? "/",
    user: String(uid),
    stopSignal: own.stopSignal ?? "SIGTERM",
    // Of servers not all commands are known; shells and tools are complete.
    ...(behaviour.type === "server" && generic && !own.isComplete ? { fallback: generic } : {}),
  };
}

function isWrapper(word: string): boolean {
  return /(^|\/)(docker-entrypoint\.sh|entrypoint\.sh|tini|dumb-init)$/.test(word);
}

function pathFor(word: string): string {
  return word.startsWith("/") ? word : `/usr/local/bin/${word.replace(/^\.\//, "")}`;
}

function isThere(files: Directory, word: string, programs: Readonly<Record<string, Executable>>) {
  if (Object.keys(programs).some((path) => path === word || path.endsWith(`/${word}`))) return true;
  const isTool = (folder: string): boolean => {
    const bin = files.entries.get(folder);
    return bin?.kind === "directory" && bin.entries.has(word);
  };
  const usr = files.entries.get("usr");
  const usrBin = usr?.kind === "directory" ? usr.entries.get("bin") : undefined;
  return isTool("bin") || (usrBin?.kind === "directory" && usrBin.entries.has(word));
}

function genericProgram(image: CatalogImage): Executable | undefined {
  const { behaviour, repository } = image;
  if (behaviour.type === "server") return quietServer(behaviour, idleUsage(image), repository);
  if (behaviour.type === "shell") return undefined;
  const { exitCode, lines = [] } = behaviour;
  // biome-ignore lint/correctness/useYield: it takes no time
  return function* ({ stdout }) {
    for (const line of lines) stdout.write(`${line}\n`);
    return exitCode;
  };
}

const unknownStartMs = 300;

/** Listens on the ports that the container declares and those that its probes ask. */
function unknownImage({ image = "", ports = [], ...container }: Container): ImageConfig {
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  const probed = probes.flatMap((probe) => [
    probe?.httpGet?.port,
    probe?.tcpSocket?.port,
    probe?.grpc?.port,
  ]);
  const declared = ports.map(({ containerPort }) => containerPort);
  const all = [...declared, ...probed.filter((port) => typeof port === "number")];
  const behaviour = {
    type: "server",
    ports: all.length > 0 ? [...new Set(all)] : [80, 8080],
    isHttp: true,
    startMs: unknownStartMs,
  } as const;
  return {
    files: unknownFiles(),
    entrypoint: ["/app"],
    command: [],
    env: {},
    workingDir: "/",
    user: "0",
    stopSignal: "SIGTERM",
    isUnknown: true,
    fallback: quietServer(behaviour, idleUsage(undefined), image),
  };
}

let sharedFiles: Directory | undefined;

function unknownFiles(): Directory {
  sharedFiles ??= shared(baseFiles("debian", programsOf("debian"))) as Directory;
  return sharedFiles;
}
