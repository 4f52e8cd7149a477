import assert from "node:assert/strict";
import { Emitter } from "../../src/base/emitter.ts";
import type { EmbeddedCluster, StopReason } from "../../src/client/embeddedCluster.ts";
import { Session, StartFailure } from "../../src/vscode/session.ts";
import { openTestCluster } from "../support/engineCluster.ts";

const storage = { path: "/storage" } as never;
const crash: StopReason = { type: "crashed", message: "out of memory" };

describe("session", () => {
  const opened: TestEngine[] = [];
  let failure: Error | undefined;
  let now = 0;

  const session = () =>
    new Session(
      async () => {
        if (failure) throw failure;
        const engine = await TestEngine.open();
        opened.push(engine);
        return engine.cluster;
      },
      storage,
      () => now,
    );

  beforeEach(() => {
    failure = undefined;
    now = 0;
  });
  afterEach(() => {
    for (const { cluster } of opened.splice(0)) cluster.dispose();
  });

  it("opens one cluster however often it is started", async () => {
    const one = session();
    const [a, b] = await Promise.all([one.start(), one.start()]);
    assert.equal(a, b);
    assert.equal(opened.length, 1);
  });

  it("starts again when the engine dies, and says why meanwhile", async () => {
    const one = session();
    const phases = phasesOf(one);
    await one.start();
    opened[0]?.die(crash);
    assert.deepEqual(one.state, { phase: "restarting", reason: crash });
    await one.start();
    assert.deepEqual(phases, ["starting", "running", "restarting", "running"]);
    assert.equal(opened.length, 2);
  });

  it("stays down when it dies again and again, until it is started by hand", async () => {
    const one = session();
    await one.start();
    for (let death = 0; death < 4; death++) {
      opened.at(-1)?.die(crash);
      if (one.state.phase === "restarting") await one.start();
    }
    assert.equal(one.state.phase, "failed");
    await one.start();
    assert.equal(one.state.phase, "running");
  });

  for (const type of ["left", "replaced"] as const)
    it(`opens a cluster again that was ${type}, however often: it did not die`, async () => {
      const one = session();
      await one.start();
      for (let i = 0; i < 10; i++) {
        opened.at(-1)?.die({ type });
        await one.start();
      }
      assert.equal(one.state.phase, "running");
    });

  it("forgives deaths that lie far apart", async () => {
    const one = session();
    await one.start();
    for (let death = 0; death < 10; death++) {
      now += 10 * 60_000;
      opened.at(-1)?.die(crash);
      await one.start();
    }
    assert.equal(one.state.phase, "running");
  });

  it("does not fight with another window for the cluster", async () => {
    const one = session();
    await one.start();
    opened[0]?.die({ type: "inUse" });
    assert.deepEqual(one.state, { phase: "failed", reason: { type: "inUse" } });
  });

  it("tells of a cluster that cannot start, and can be asked again", async () => {
    failure = Object.assign(new Error("inUse"), { reason: { type: "inUse" } });
    const one = session();
    await assert.rejects(one.start(), StartFailure);
    assert.deepEqual(one.state, { phase: "failed", reason: { type: "inUse" } });
    failure = undefined;
    await one.start();
    assert.equal(one.state.phase, "running");
  });

  it("closes the cluster when it is stopped, even while it starts", async () => {
    const one = session();
    const starting = one.start();
    await one.stop();
    await starting;
    assert.equal(opened[0]?.isClosed, true);
    assert.equal(one.state.phase, "stopped");
  });

  it("opens the next cluster only when the one before is closed", async () => {
    const one = session();
    await one.start();
    await one.restart();
    assert.equal(opened[0]?.isClosed, true);
    assert.equal(one.state.phase, "running");
    assert.equal(opened.length, 2);
  });

  it("does not hear of a death after its stop", async () => {
    const one = session();
    await one.start();
    await one.stop();
    opened[0]?.die(crash);
    assert.equal(one.state.phase, "stopped");
  });
});

/** An engine in this process that can be made to die. */
class TestEngine {
  isClosed = false;
  private constructor(
    readonly cluster: EmbeddedCluster,
    private readonly stopped: Emitter<StopReason>,
  ) {}

  static async open(): Promise<TestEngine> {
    const stopped = new Emitter<StopReason>();
    const inner = await openTestCluster();
    const cluster: EmbeddedCluster = {
      ...inner,
      isOwn: true,
      onDidStop: stopped.event,
      onDidSetAside: new Emitter<{ path: string; reason: string }>().event,
      close: async () => {
        engine.isClosed = true;
      },
    };
    const engine = new TestEngine(cluster, stopped);
    return engine;
  }

  die(reason: StopReason): void {
    this.stopped.fire(reason);
  }
}

function phasesOf(session: Session): string[] {
  const phases: string[] = [];
  session.onState(({ phase }) => phases.push(phase));
  return phases;
}
