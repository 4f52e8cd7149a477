import assert from "node:assert/strict";
import type { Container, Pod } from "../../../src/api/types.ts";
import { podActions } from "../../../src/engine/node/podLifecycle.ts";
import { podStatusOf } from "../../../src/engine/node/podStatus.ts";
import type { ContainerProbeResults, PodView } from "../../../src/engine/node/podView.ts";
import type { ContainerHistory, ContainerInstance } from "../../../src/engine/node/runtimeState.ts";

/** "run" is running, a number is the exit code of one that has ended. */
type State = "run" | number;

interface Case {
  readonly init?: readonly string[];
  readonly main?: readonly string[];
  readonly policy?: "Always" | "OnFailure" | "Never";
  readonly states?: Readonly<Record<string, State>>;
  readonly probes?: Readonly<Record<string, ContainerProbeResults>>;
  readonly sandbox?: "none" | "ready" | "lost";
}

/** Names that end in "+" are sidecars. */
function containerOf(name: string): Container {
  const plain = name.replace("+", "");
  return {
    name: plain,
    image: "nginx",
    ...(name.endsWith("+") ? { restartPolicy: "Always" } : {}),
  };
}

function viewOf({
  init = [],
  main = ["app"],
  policy = "Always",
  states = {},
  probes = {},
  sandbox = "ready",
}: Case): PodView {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", uid: "u" },
    spec: {
      restartPolicy: policy,
      containers: main.map(containerOf),
      ...(init.length > 0 ? { initContainers: init.map(containerOf) } : {}),
    },
  };
  const containers = new Map<string, ContainerHistory>();
  for (const [name, state] of Object.entries(states))
    containers.set(name, { now: instanceOf(name, state) });
  const found =
    sandbox === "none"
      ? {}
      : { sandbox: { id: "s", attempt: 0, isReady: sandbox === "ready", ip: "10.0.0.2" } };
  return {
    pod,
    runtime: { containers, ...found },
    probes: new Map(Object.entries(probes)),
    obstacles: new Map(),
    reported: {},
    nodeAddress: "172.18.0.2",
    now: 0,
  };
}

function instanceOf(name: string, state: State): ContainerInstance {
  const common = {
    id: name,
    name,
    sandboxId: "s",
    image: "i",
    imageId: "i",
    attempt: 0,
    startedAt: 0,
  };
  if (state === "run") return { ...common, state: "running" };
  const reason = state === 0 ? "Completed" : "Error";
  return { ...common, state: "exited", exitCode: state, reason, finishedAt: 0 };
}

/** "kill pod; sandbox; kill a: why; start a b". */
function actionText(given: Case): string {
  const { killPod, createSandbox, kill, startInit, start } = podActions(viewOf(given));
  const starts = [...startInit, ...start].map(({ name }) => name);
  return [
    ...(killPod ? ["kill pod"] : []),
    ...(createSandbox ? ["sandbox"] : []),
    ...kill.map(({ message }) => `kill: ${message}`),
    ...(starts.length > 0 ? [`start ${starts.join(" ")}`] : []),
  ].join("; ");
}

describe("what a kubelet does next for a Pod", () => {
  const liveness = { liveness: "failure" } as const;
  for (const [claim, given, expected] of [
    [
      "a new Pod gets a sandbox and all its containers",
      { main: ["a", "b"], sandbox: "none" },
      "sandbox; start a b",
    ],
    [
      "with init containers, the first of them alone",
      { init: ["i", "j"], sandbox: "none" },
      "sandbox; start i",
    ],
    ["nothing while all runs", { states: { app: "run" } }, ""],
    ["nothing while an init container runs", { init: ["i"], states: { i: "run" } }, ""],
    [
      "the next init container after one that succeeded",
      { init: ["i", "j"], states: { i: 0 } },
      "start j",
    ],
    ["the containers after the last", { init: ["i"], states: { i: 0 } }, "start app"],
    ["a failed init container again", { init: ["i"], states: { i: 1 } }, "start i"],
    [
      "unless the Pod never restarts",
      { init: ["i"], states: { i: 1 }, policy: "Never" },
      "kill pod",
    ],
    ["after a sidecar that runs, the next", { init: ["s+", "i"], states: { s: "run" } }, "start i"],
    [
      "a sidecar again, beside the next init container",
      { init: ["s+", "i"], states: { s: 1, i: "run" } },
      "start s",
    ],
    [
      "a sidecar again, beside the containers",
      { init: ["s+"], states: { s: 0, app: "run" } },
      "start s",
    ],
    ["a container that ended, always", { states: { app: 0 } }, "start app"],
    ["one that failed, on failure", { states: { app: 1 }, policy: "OnFailure" }, "start app"],
    ["the end, if it succeeded then", { states: { app: 0 }, policy: "OnFailure" }, "kill pod"],
    ["the end, if it never restarts", { states: { app: 1 }, policy: "Never" }, "kill pod"],
    [
      "nothing while another still runs",
      { main: ["a", "b"], states: { a: 0, b: "run" }, policy: "Never" },
      "",
    ],
    [
      "a container whose liveness failed",
      { states: { app: "run" }, probes: { app: liveness } },
      "kill: Container app failed liveness probe, will be restarted; start app",
    ],
    [
      "without a restart if the Pod never does",
      { states: { app: "run" }, probes: { app: liveness }, policy: "Never" },
      "kill: Container app failed liveness probe",
    ],
    [
      "all anew in a new sandbox if it is lost",
      { states: { app: 255 }, sandbox: "lost" },
      "kill pod; sandbox; start app",
    ],
    [
      "but not for a Pod that never restarts",
      { states: { app: 255 }, sandbox: "lost", policy: "Never" },
      "kill pod",
    ],
  ] as [string, Case, string][])
    it(claim, () => assert.equal(actionText(given), expected));
});

describe("a Pod's phase", () => {
  for (const [claim, given, expected] of [
    ["Pending before anything runs", {}, "Pending"],
    ["Pending while it initialises", { init: ["i"], states: { i: "run" } }, "Pending"],
    [
      "Pending while one container still waits",
      { main: ["a", "b"], states: { a: "run" } },
      "Pending",
    ],
    ["Running once all have started", { main: ["a", "b"], states: { a: "run", b: 1 } }, "Running"],
    ["Running while all restart", { states: { app: 1 } }, "Running"],
    [
      "Running while a failure is tried again",
      { states: { app: 1 }, policy: "OnFailure" },
      "Running",
    ],
    ["Succeeded", { states: { app: 0 }, policy: "Never" }, "Succeeded"],
    ["Failed", { main: ["a", "b"], states: { a: 0, b: 1 }, policy: "Never" }, "Failed"],
    [
      "Failed if initialisation does and may not again",
      { init: ["i"], states: { i: 1 }, policy: "Never" },
      "Failed",
    ],
    [
      "Running while a sidecar is left",
      { init: ["s+"], states: { s: "run", app: 0 }, policy: "Never" },
      "Running",
    ],
    [
      "Succeeded whatever the sidecar's exit code",
      { init: ["s+"], states: { s: 137, app: 0 }, policy: "Never" },
      "Succeeded",
    ],
  ] as [string, Case, string][])
    it(claim, () => assert.equal(podStatusOf(viewOf(given)).phase, expected));

  it("is final once the Pod is being stopped", () => {
    const view = viewOf({ states: { app: 137 } });
    assert.equal(podStatusOf(view, { isTerminal: true }).phase, "Failed");
  });
});

describe("a Pod's conditions", () => {
  for (const [claim, given, type, expected] of [
    [
      "not initialized",
      { init: ["i", "j"], states: { i: 0 } },
      "Initialized",
      "containers with incomplete status: [j]",
    ],
    [
      "not ready",
      { main: ["a", "b"], states: { a: "run" } },
      "Ready",
      "containers with unready status: [b]",
    ],
    [
      "nor are its containers",
      { main: ["a", "b"] },
      "ContainersReady",
      "containers with unready status: [a b]",
    ],
    ["ready", { states: { app: "run" } }, "Ready", "True"],
    ["without a sandbox", { sandbox: "none" }, "PodReadyToStartContainers", "False"],
    ["completed", { states: { app: 0 }, policy: "Never" }, "Ready", "PodCompleted"],
    ["failed", { states: { app: 1 }, policy: "Never" }, "ContainersReady", "PodFailed"],
  ] as [string, Case, string, string][])
    it(claim, () => {
      const condition = podStatusOf(viewOf(given)).conditions?.find((one) => one.type === type);
      assert.equal(condition?.message ?? condition?.reason ?? condition?.status, expected);
    });
});
