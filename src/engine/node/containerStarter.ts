// Starts one container: back-off, image, environment, create, start, hook.
// Source: kuberuntime_container.go startContainer and kuberuntime_manager.go doBackOff, kubernetes v1.34.
import type { Container, Pod } from "../../api/types.ts";
import { containerConfig, containerLaunch } from "./containerLaunch.ts";
import { goDuration } from "./goDuration.ts";
import { ImagePuller, type ImageResult } from "./imagePuller.ts";
import type { StoredImage } from "./imageStore.ts";
import { runHook } from "./lifecycleHooks.ts";
import type { NodeServices } from "./nodeServices.ts";
import { type EventType, recordPodEvent } from "./podEvents.ts";
import { type Obstacle, podText } from "./podView.ts";
import type { ContainerLaunch } from "./process/liveContainer.ts";
import { newestOf } from "./runtimeState.ts";
import { pause, type Steps } from "./steps.ts";

export class ContainerStarter {
  private readonly puller: ImagePuller;

  constructor(
    private readonly services: NodeServices,
    private readonly pod: () => Pod,
  ) {
    this.puller = new ImagePuller(services, pod);
  }

  /** @returns what stands in the way; undefined once the container runs */
  *start(container: Container): Steps<Obstacle | undefined> {
    const waiting = this.backOff(container);
    if (waiting) return waiting;
    const found = yield* this.image(container);
    if ("obstacle" in found) return this.failed(container, found.obstacle);
    return yield* this.run(container, found.image);
  }

  private *image(container: Container): Steps<ImageResult> {
    const image = this.services.profile.givenImage(container);
    return image ? { image } : yield* this.puller.ensure(container);
  }

  /** A container that ended a short while ago waits, longer each time. */
  private backOff(container: Container): Obstacle | undefined {
    const { clock, restartBackoff, runtime } = this.services;
    const pod = this.pod();
    const last = newestOf(runtime.state(pod.metadata.uid ?? ""), container.name);
    if (last?.state !== "exited" || last.finishedAt === undefined) return undefined;
    const key = `${pod.metadata.uid}_${container.name}`;
    if (!restartBackoff.isWaitingSince(key, last.finishedAt, clock.now())) {
      restartBackoff.next(key, last.finishedAt);
      return undefined;
    }
    const said = `Back-off restarting failed container ${container.name} in pod ${podText(pod)}`;
    this.record(container, "Warning", "BackOff", said);
    const wait = goDuration(restartBackoff.get(key));
    const message = `back-off ${wait} restarting failed container=${container.name} pod=${podText(pod)}`;
    this.services.observe(pod, "backOff", message, container.name);
    return { reason: "CrashLoopBackOff", message };
  }

  /** What the container is to run, or why it can't. */
  launch(container: Container): ContainerLaunch | Obstacle {
    const config = containerConfig(this.services, this.pod(), container);
    return "reason" in config ? config : containerLaunch(this.services, config);
  }

  private *run(container: Container, image: StoredImage): Steps<Obstacle | undefined> {
    const { runtime, profile } = this.services;
    const { containerCreateMs, containerStartMs } = profile.delays;
    const pod = this.pod();
    const uid = pod.metadata.uid ?? "";
    const { name } = container;
    const config = containerConfig(this.services, pod, container);
    if ("reason" in config) return this.failed(container, config, config.message);
    yield pause(containerCreateMs, `create ${name}`);
    runtime.createContainer(uid, name, image);
    this.record(container, "Normal", "Created", `Created container: ${name}`);
    this.services.observe(pod, "created", `Created container: ${name}`, name);
    yield pause(containerStartMs, `start ${name}`);
    const launch = containerLaunch(this.services, config);
    if ("reason" in launch) {
      const { message } = launch;
      runtime.failContainer(uid, name, { exitCode: 128, reason: "StartError", message });
      return this.failed(container, launch, message);
    }
    runtime.startContainer(uid, name, launch);
    this.record(container, "Normal", "Started", `Started container ${name}`);
    this.services.observe(pod, "started", `Started container ${name}`, name);
    if (config.image.isUnknown && launch.program === config.image.fallback)
      this.record(container, "Normal", "QuietServer", quietly(image.name));
    return yield* this.postStart(container);
  }

  private *postStart(container: Container): Steps<Obstacle | undefined> {
    const handler = container.lifecycle?.postStart;
    if (!handler) return undefined;
    const { runtime } = this.services;
    const failure = yield* runHook(this.services, this.pod(), { container, handler });
    if (failure === undefined) return undefined;
    this.record(container, "Warning", "FailedPostStartHook", "PostStartHook failed");
    this.record(container, "Normal", "Killing", "FailedPostStartHook");
    const grace = (this.pod().spec.terminationGracePeriodSeconds ?? 30) * 1_000;
    yield* runtime.stopContainer(this.pod().metadata.uid ?? "", container.name, grace);
    return { reason: "PostStartHookError", message: failure };
  }

  /** Every failed start is told once more, in general words. */
  private failed(container: Container, obstacle: Obstacle, words = obstacle.reason): Obstacle {
    this.record(container, "Warning", "Failed", `Error: ${words}`);
    const step = obstacle.reason === "ImagePullBackOff" ? "backOff" : "failed";
    this.services.observe(this.pod(), step, obstacle.message, container.name);
    return obstacle;
  }

  private record(container: Container, type: EventType, reason: string, message: string): void {
    recordPodEvent(this.services.events, this.pod(), { type, reason, message, container });
  }
}

/** Ours: real machines run what is in the image. */
function quietly(image: string): string {
  return `The simulation does not know what is in image "${image}": it runs as a server that only listens`;
}
