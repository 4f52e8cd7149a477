// The machines of a test environment for the control plane: every Pod runs within a second, whatever
// its image, and only the commands that tests end with end. Nothing of what a Pod mounts, reads or
// probes is looked at.
import { dequal } from "dequal";
import type { Container, Pod } from "../../api/types.ts";
import { type Millis, second } from "../../base/time.ts";
import type { ImageConfig } from "./imageConfig.ts";
import { digestOf } from "./imageStore.ts";
import { directory } from "./process/fileNode.ts";
import { untilSignal } from "./process/untilSignal.ts";
import type { RuntimeProfile } from "./runtimeProfile.ts";
import { pause } from "./steps.ts";

const noTime = 0;
const relistMs = 50;

export const conformanceRuntime: RuntimeProfile = {
  delays: {
    volumeSetupMs: noTime,
    volumeTeardownMs: noTime,
    sandboxCreateMs: 200,
    sandboxStopMs: noTime,
    containerCreateMs: noTime,
    containerStartMs: noTime,
    relistMs,
  },
  runsAppliedNodes: false,
  recordsEvents: false,
  seen({ spec, ...pod }) {
    const { volumes: _volumes, initContainers, containers, ...rest } = spec;
    return {
      ...pod,
      spec: {
        ...rest,
        ...(initContainers ? { initContainers: initContainers.map(bare) } : {}),
        containers: containers.map(bare),
      },
    };
  },
  givenImage({ image = "" }) {
    return { name: image, id: `${image}@sha256:${digestOf(image)}`, sizeBytes: 0 };
  },
  image: (container, pod) => imageThatEnds(exitOf(container, pod)),
};

/** A container without all that could keep it from running. */
function bare(container: Container): Container {
  const { name, image, command, args, resources, restartPolicy, ports } = container;
  return Object.fromEntries(
    Object.entries({ name, image, command, args, resources, restartPolicy, ports }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as unknown as Container;
}

interface Exit {
  readonly after: Millis;
  readonly exitCode: number;
}

function exitOf(container: Container, { spec }: Pod): Exit | undefined {
  const isInit = spec.initContainers?.some(({ name }) => name === container.name) ?? false;
  if (isInit)
    return container.restartPolicy === "Always" ? undefined : { after: noTime, exitCode: 0 };
  if (spec.restartPolicy !== "Never" && spec.restartPolicy !== "OnFailure") return undefined;
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  const ending = endings.find(({ command }) => dequal(command, argv));
  return ending && { after: second, exitCode: ending.exitCode };
}

const endings: readonly { readonly command: readonly string[]; readonly exitCode: number }[] = [
  { command: ["true"], exitCode: 0 },
  { command: ["sh", "-c", "exit 0"], exitCode: 0 },
  { command: ["false"], exitCode: 1 },
  { command: ["sh", "-c", "exit 1"], exitCode: 1 },
];

/** Whatever is run there does the same. */
function imageThatEnds(exit: Exit | undefined): ImageConfig {
  return {
    files: noFiles,
    entrypoint: ["/app"],
    command: [],
    env: {},
    workingDir: "/",
    user: "0",
    stopSignal: "SIGTERM",
    *fallback(process) {
      if (process.pid !== 1) return 0;
      if (exit) yield pause(exit.after, "what the container does");
      else yield* untilSignal(process);
      return exit?.exitCode ?? 0;
    },
  };
}

const noFiles = directory();
