// Everything that a container needs to run, from the Pod, its image and its volumes; or why it can't.
// Source: pkg/kubelet/kuberuntime/kuberuntime_container.go generateContainerConfig, kubernetes v1.34.
import { amountOf, milliValueOf, wholeValueOf } from "../../api/quantity.ts";
import type { Container, Pod } from "../../api/types.ts";
import { environmentOf } from "./containerEnvironment.ts";
import { homeOf, rootRefusal, userOf } from "./containerUser.ts";
import type { PodFacts } from "./downwardApi.ts";
import type { ImageConfig } from "./imageConfig.ts";
import { hostnameOf, hostsFile, resolvConf } from "./managedFiles.ts";
import type { NodeServices } from "./nodeServices.ts";
import type { Obstacle } from "./podView.ts";
import { FileError } from "./process/fileError.ts";
import { FileSystem } from "./process/fileSystem.ts";
import { defaultPath, findExecutable } from "./process/findExecutable.ts";
import type { ContainerLaunch } from "./process/liveContainer.ts";
import { FileTree, Mounts } from "./process/mounts.ts";
import type { Executable } from "./process/process.ts";
import { type Signal, signalNamed } from "./process/signals.ts";
import { openPodNetwork } from "./processNetworks.ts";
import type { Usage } from "./usage.ts";
import { expanded } from "./variableExpansion.ts";
import { containerFiles, volumeMounts } from "./volumes/containerMounts.ts";

/** @returns an obstacle if the configuration is incomplete: CreateContainerConfigError */
export function containerConfig(
  services: NodeServices,
  pod: Pod,
  container: Container,
): ContainerConfig | Obstacle {
  const facts = services.factsOf(pod);
  const image = services.profile.image(container, pod);
  const environment = environmentOf(container, {
    client: services.client,
    services: services.serviceLister,
    facts,
  });
  if ("error" in environment) return configError(environment.error);
  const refusal = rootRefusal(pod, container, image.user);
  if (refusal !== undefined) return configError(refusal);
  const { env } = environment;
  const mounts = volumeMounts(container, services.volumesOf(pod), env);
  if ("error" in mounts) return configError(mounts.error);
  return { pod, container, image, env, mounts, facts };
}

interface ContainerConfig {
  readonly pod: Pod;
  readonly container: Container;
  readonly image: ImageConfig;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: Exclude<ReturnType<typeof volumeMounts>, { error: string }>;
  readonly facts: PodFacts;
}

function configError(message: string): Obstacle {
  return { reason: "CreateContainerConfigError", message };
}

/** @returns an obstacle if its command can't be started: RunContainerError */
export function containerLaunch(
  services: NodeServices,
  config: ContainerConfig,
): ContainerLaunch | Obstacle {
  const { pod, container, image } = config;
  const argv = commandLine(config);
  const files = once(() => filesOf(services, config));
  const bare = () => imageFiles(image);
  const user = userOf(pod, container, image.user, bare);
  const hostname = hostnameOf(pod, services.nodeName);
  const env = () => processEnvironment(config, hostname, () => homeOf(user.uid, bare));
  const cwd = container.workingDir || image.workingDir || "/";
  const finder = { cwd, env: env() };
  const found = programOf(argv[0] ?? "", image, [bare, files], finder);
  if ("reason" in found) return found;
  return {
    program: found.program,
    argv,
    env,
    cwd,
    user,
    hostname,
    openNetwork: () =>
      openPodNetwork(services, pod, {
        resolvConf: () => textIn(files(), "/etc/resolv.conf"),
        hosts: () => textIn(files(), "/etc/hosts"),
      }),
    files,
    limits: limitsOf(container),
    input: container.stdin ? (container.stdinOnce ? "once" : "open") : "none",
    hasTerminal: container.tty ?? false,
    stopSignal: stopSignalOf(container, image),
    lastWord: {
      path: messagePath(container),
      fallsBackToLog: container.terminationMessagePolicy === "FallbackToLogsOnError",
    },
  };
}

/** ENTRYPOINT and CMD of the image as the container overrides them, with $(VAR) replaced. */
function commandLine({ image, container: { command, args }, env }: ContainerConfig) {
  const entrypoint = command?.length ? command : image.entrypoint;
  const rest = args?.length ? args : command?.length ? [] : image.command;
  const filled = (words: readonly string[], given: boolean) =>
    given ? words.map((word) => expanded(word, (name) => env[name])) : words;
  return [...filled(entrypoint, command !== undefined), ...filled(rest, args !== undefined)];
}

function processEnvironment(
  { image, env }: ContainerConfig,
  hostname: string,
  home: () => string,
): ReadonlyMap<string, string> {
  const merged = new Map(Object.entries({ PATH: defaultPath, HOSTNAME: hostname }));
  for (const [name, value] of Object.entries({ ...image.env, ...env })) merged.set(name, value);
  if (!merged.has("HOME")) merged.set("HOME", home());
  return merged;
}

function textIn(files: FileSystem, path: string): string {
  return files.exists(path) ? files.readText(path) : "";
}

function filesOf(services: NodeServices, config: ContainerConfig): FileSystem {
  const { pod, container, image, mounts, facts } = config;
  const { nodeName, dns, clock } = services;
  const ip = facts.podIp ?? services.nodeAddress;
  return containerFiles({
    image: image.files,
    volumes: mounts,
    managed: {
      "/etc/hosts": hostsFile(pod, { ip, nodeName, dns }),
      "/etc/hostname": `${hostnameOf(pod, nodeName)}\n`,
      "/etc/resolv.conf": resolvConf(pod, dns),
    },
    terminationMessagePath: messagePath(container),
    isReadOnly: container.securityContext?.readOnlyRootFilesystem ?? false,
    type: "overlay",
    now: () => clock.now(),
  });
}

function messagePath({ terminationMessagePath }: Container): string {
  return terminationMessagePath || "/dev/termination-log";
}

function limitsOf({ resources }: Container): Partial<Usage> {
  const { cpu, memory } = resources?.limits ?? {};
  return {
    ...(cpu === undefined ? {} : { cpuMillis: milliValueOf(amountOf(cpu)) }),
    ...(memory === undefined ? {} : { memoryBytes: wholeValueOf(amountOf(memory)) }),
  };
}

function stopSignalOf({ lifecycle }: Container, { stopSignal }: ImageConfig): Signal {
  return signalNamed(lifecycle?.stopSignal ?? "") ?? stopSignal;
}

type Found = { readonly program: Executable } | Obstacle;

/** Looks into the image first: most commands are there, and volumes need no file system then. */
function programOf(
  name: string,
  image: ImageConfig,
  places: readonly (() => FileSystem)[],
  finder: { readonly cwd: string; readonly env: ReadonlyMap<string, string> },
): Found {
  let failure: FileError | undefined;
  for (const files of places)
    try {
      return { program: findExecutable(name, { files: files(), ...finder }) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failure = error;
    }
  if (image.fallback) return { program: image.fallback };
  const said = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${execFailure(name, failure)}`;
  return { reason: "RunContainerError", message: said };
}

/** Why exec(2) fails, as runc says it. */
export function execFailure(name: string, error: FileError | undefined): string {
  const quoted = `exec: ${JSON.stringify(name)}`;
  if (name === "") return "no command specified";
  if (error?.code === "EACCES") return `${quoted}: permission denied`;
  return name.includes("/")
    ? `${quoted}: stat ${name}: no such file or directory`
    : `${quoted}: executable file not found in $PATH`;
}

const bareFiles = new WeakMap<ImageConfig["files"], FileSystem>();

/** The image's files alone, the same for all its containers. */
function imageFiles({ files }: ImageConfig): FileSystem {
  const known = bareFiles.get(files);
  if (known) return known;
  const tree = new FileTree(files, "overlay", () => 0);
  const made = new FileSystem(new Mounts([{ path: "/", tree, isReadOnly: true }]), {
    uid: 0,
    gid: 0,
    groups: [],
  });
  bareFiles.set(files, made);
  return made;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
