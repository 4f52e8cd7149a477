import assert from "node:assert/strict";
import { TestCluster } from "./testCluster.ts";

describe("a kubelet runs a Pod", () => {
  it("from Pending to Running, in the order and the words of the real one", () => {
    const cluster = new TestCluster();
    cluster.create("web", {});
    assert.deepEqual(cluster.watch("web", 6), ["0 Pending", "0.1 ContainerCreating", "3 Running"]);
    assert.deepEqual(
      cluster.events("web").map((event) => event.replace(/in .*waiting\)/, "in TIME")),
      [
        'Pulling: Pulling image "nginx:1.27"',
        'Pulled: Successfully pulled image "nginx:1.27" in TIME. Image size: 72188133 bytes.',
        "Created: Created container: app",
        "Started: Started container app",
      ],
    );
    const { status } = cluster.pod("web");
    assert.equal(status?.phase, "Running");
    assert.equal(status?.podIP, "10.244.0.2");
    assert.deepEqual(
      status?.conditions?.map(({ type, status: is }) => `${type}=${is}`),
      [
        "PodReadyToStartContainers=True",
        "Initialized=True",
        "Ready=True",
        "ContainersReady=True",
        "PodScheduled=True",
      ],
    );
  });

  it("an image that is there is not pulled again", () => {
    const cluster = new TestCluster();
    cluster.create("first", {});
    cluster.run(5);
    cluster.create("second", {});
    cluster.run(5);
    assert.equal(
      cluster.events("second")[0],
      'Pulled: Container image "nginx:1.27" already present on machine',
    );
  });

  it("images are pulled one after the other, and the wait is told", () => {
    const cluster = new TestCluster();
    cluster.create("one", { image: "python:3.13" });
    cluster.create("two", { image: "redis:8" });
    cluster.run(20);
    const pulled = cluster.events("two").find((event) => event.startsWith("Pulled"));
    const [, own, whole] = /in ([\d.]+)m?s \(([\d.]+)s including/.exec(pulled ?? "") ?? [];
    assert.ok(Number(whole) > 5, pulled);
    assert.ok(Number(own) !== Number(whole), pulled);
  });

  it("a container that ends well completes a Pod that is not restarted", () => {
    const cluster = new TestCluster();
    const command = ["sh", "-c", "echo one; sleep 3; exit 0"];
    cluster.create("job", { image: "busybox", command }, { restartPolicy: "Never" });
    cluster.run(12);
    const { status } = cluster.pod("job");
    assert.equal(status?.phase, "Succeeded");
    assert.deepEqual(
      status?.conditions?.find(({ type }) => type === "Ready")?.reason,
      "PodCompleted",
    );
    assert.equal(status?.containerStatuses?.[0]?.state?.terminated?.reason, "Completed");
  });

  it("one that fails makes it fail", () => {
    const cluster = new TestCluster();
    cluster.create("job", { image: "busybox", command: ["false"] }, { restartPolicy: "Never" });
    cluster.run(6);
    assert.equal(cluster.pod("job").status?.phase, "Failed");
    assert.equal(cluster.status("job"), "Error");
  });

  it("init containers run one after the other, before the others", () => {
    const cluster = new TestCluster();
    const init = (name: string) => ({ name, image: "busybox", command: ["sleep", "2"] });
    cluster.create("app", {}, { initContainers: [init("first"), init("second")] });
    assert.deepEqual(
      cluster.watch("app", 14).map((line) => line.replace(/^\S+ /, "")),
      ["Pending", "Init:0/2", "Init:1/2", "PodInitializing", "Running"],
    );
    assert.deepEqual(
      cluster.steps("app").flatMap((step) => / (\w+ (?:started|exited))$/.exec(step)?.[1] ?? []),
      ["first started", "first exited", "second started", "second exited", "app started"],
    );
  });

  it("a sidecar starts before the others and stops after them", () => {
    const cluster = new TestCluster();
    const command = ["sh", "-c", "trap 'exit 0' TERM; sleep infinity & wait"];
    const sidecar = { name: "side", image: "busybox", restartPolicy: "Always", command };
    cluster.create("app", {}, { initContainers: [sidecar] });
    cluster.run(10);
    assert.equal(cluster.status("app"), "Running");
    cluster.delete("app");
    cluster.run(5);
    assert.deepEqual(
      cluster.steps("app").flatMap((step) => / (\w+ (?:started|exited))$/.exec(step)?.[1] ?? []),
      ["side started", "app started", "app exited", "side exited"],
    );
    assert.equal(cluster.status("app"), "gone");
  });

  it("a Pod past its active deadline fails", () => {
    const cluster = new TestCluster();
    cluster.create(
      "slow",
      { image: "busybox", command: ["sleep", "100"] },
      {
        activeDeadlineSeconds: 10,
        terminationGracePeriodSeconds: 2,
      },
    );
    cluster.run(20);
    const { phase, reason, message } = cluster.pod("slow").status ?? {};
    assert.deepEqual(
      [phase, reason, message],
      [
        "Failed",
        "DeadlineExceeded",
        "Pod was active on the node longer than the specified deadline",
      ],
    );
  });
});

describe("a kubelet cannot start a container", () => {
  it("whose tag does not exist: ErrImagePull, then ImagePullBackOff with the cause", () => {
    const cluster = new TestCluster();
    cluster.create("bad", { image: "nginx:1.161" });
    cluster.run(20);
    const cause =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.161": failed to resolve reference "docker.io/library/nginx:1.161": docker.io/library/nginx:1.161: not found';
    assert.deepEqual(
      cluster.events("bad").map((event) => event.replace(/ \(x\d+\)$/, "")),
      [
        'Pulling: Pulling image "nginx:1.161"',
        `Failed: Failed to pull image "nginx:1.161": ${cause}`,
        "Failed: Error: ErrImagePull",
        'BackOff: Back-off pulling image "nginx:1.161"',
        "Failed: Error: ImagePullBackOff",
      ],
    );
    cluster.run(60);
    const waiting = cluster.pod("bad").status?.containerStatuses?.[0]?.state?.waiting;
    if (waiting?.reason === "ImagePullBackOff")
      assert.equal(waiting.message, `Back-off pulling image "nginx:1.161": ErrImagePull: ${cause}`);
    else assert.deepEqual(waiting, { reason: "ErrImagePull", message: cause });
  });

  for (const [claim, container, reason, message] of [
    [
      "whose image is not there and may not be pulled",
      { image: "redis:8", imagePullPolicy: "Never" },
      "ErrImageNeverPull",
      'Container image "redis:8" is not present with pull policy of Never',
    ],
    [
      "whose image has no proper name",
      { image: "Nginx" },
      "InvalidImageName",
      'Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": invalid reference format: repository name (library/Nginx) must be lowercase',
    ],
    [
      "whose environment refers to nothing",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "nope", key: "k" } } }] },
      "CreateContainerConfigError",
      'configmap "nope" not found',
    ],
  ] as const)
    it(claim, () => {
      const cluster = new TestCluster();
      cluster.create("bad", container);
      cluster.run(8);
      const state = cluster.pod("bad").status?.containerStatuses?.[0]?.state;
      assert.deepEqual(state, { waiting: { reason, message } });
    });

  it("whose volume shows what does not exist, until it does", () => {
    const cluster = new TestCluster();
    cluster.create(
      "vol",
      { volumeMounts: [{ name: "v", mountPath: "/v" }] },
      { volumes: [{ name: "v", secret: { secretName: "nope" } }] },
    );
    cluster.run(5);
    assert.equal(cluster.status("vol"), "ContainerCreating");
    assert.match(
      cluster.events("vol")[0] ?? "",
      /^FailedMount: MountVolume.SetUp failed for volume "v" : secret "nope" not found/,
    );
  });
});

describe("a container that fails again and again", () => {
  it("restarts at once, then after 10 s, 20 s, 40 s, …, seen by a kubelet that looks every 10 to 15 s", () => {
    const cluster = new TestCluster();
    cluster.create("crash", { image: "busybox", command: ["sh", "-c", "sleep 1; exit 3"] });
    cluster.run(400);
    const starts = cluster
      .steps("crash")
      .filter((step) => step.endsWith("started"))
      .map((step) => Number.parseFloat(step));
    const exits = cluster
      .steps("crash")
      .filter((step) => step.endsWith("exited"))
      .map((step) => Number.parseFloat(step));
    const waits = starts.slice(1).map((start, i) => start - (exits[i] ?? 0));
    assert.ok((waits[0] ?? 9) < 2, `the first restart is immediate: ${waits}`);
    for (const [i, expected] of [10, 20, 40, 80].entries()) {
      const wait = waits[i + 1] ?? 0;
      assert.ok(wait >= expected && wait < expected + 17, `${expected}: ${waits}`);
    }
  });

  it("tells so in its state and its events", () => {
    const cluster = new TestCluster();
    cluster.create("crash", { image: "busybox", command: ["false"] });
    cluster.run(30);
    const status = cluster.pod("crash").status?.containerStatuses?.[0];
    const uid = cluster.pod("crash").metadata.uid;
    assert.deepEqual(status?.state?.waiting, {
      reason: "CrashLoopBackOff",
      message: `back-off 20s restarting failed container=app pod=crash_default(${uid})`,
    });
    assert.equal(status?.lastState?.terminated?.exitCode, 1);
    assert.equal(status?.restartCount, 2);
    assert.ok(
      cluster
        .events("crash")
        .some((event) =>
          event.startsWith(
            "BackOff: Back-off restarting failed container app in pod crash_default(UID)",
          ),
        ),
    );
  });

  it("that takes more memory than its limit is killed by the kernel", () => {
    const cluster = new TestCluster();
    cluster.create("oom", {
      image: "polinux/stress",
      command: ["stress"],
      args: ["--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1"],
      resources: { limits: { memory: "100Mi" } },
    });
    cluster.run(7);
    const status = cluster.pod("oom").status?.containerStatuses?.[0];
    const ended = status?.state?.terminated ?? status?.lastState?.terminated;
    assert.deepEqual([ended?.reason, ended?.exitCode], ["OOMKilled", 137]);
  });

  it("postgres without a password says what it misses", () => {
    const cluster = new TestCluster();
    const pod = cluster.create("pg", { image: "postgres:17" });
    cluster.run(10);
    const kubelet = cluster.engine.kubelet("node-1");
    const lines = kubelet?.log(pod.metadata.uid ?? "", "app")?.since(0) ?? [];
    assert.equal(
      lines[0]?.text,
      "Error: Database is uninitialized and superuser password is not specified.",
    );
  });
});
