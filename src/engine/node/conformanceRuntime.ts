// The machines of a test environment for the control plane: every Pod runs within a second, whatever
// its image, and only the commands that tests end with end. Nothing of what a Pod mounts, reads or
// probes is looked at.
import { dequal } from "dequal";
import type { Container, Pod } from "../../api/types.ts";
import { second } from "../../base/time.ts";
import { digestOf } from "./imageStore.ts";
import type { Program, ProgramExit } from "./program.ts";
import type { RuntimeProfile } from "./runtimeProfile.ts";
import { noUsage } from "./usage.ts";

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
  program: (container, { pod }) => programThatEnds(exitOf(container, pod)),
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

function exitOf(container: Container, { spec }: Pod): ProgramExit | undefined {
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

function programThatEnds(exit: ProgramExit | undefined): Program {
  return {
    ...(exit ? { exit } : {}),
    onStop: { after: noTime, exitCode: 0 },
    serves: () => true,
    httpStatus: () => 200,
    exec: () => ({ exitCode: 0, output: "" }),
    usage: () => noUsage,
    logs: () => [],
  };
}
