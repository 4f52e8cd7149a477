// Makes sure that a container's image is on the machine, as its pull policy says.
// Source: pkg/kubelet/images/image_manager.go EnsureImageExists, kubernetes v1.34.
import type { Container, Pod } from "../../api/types.ts";
import { goDuration } from "./goDuration.ts";
import { type ImageName, parseImageName } from "./imageName.ts";
import type { StoredImage } from "./imageStore.ts";
import type { NodeServices } from "./nodeServices.ts";
import { type EventType, recordPodEvent } from "./podEvents.ts";
import type { Obstacle } from "./podView.ts";
import type { Steps } from "./steps.ts";

export type ImageResult = { readonly image: StoredImage } | { readonly obstacle: Obstacle };

export class ImagePuller {
  /** Why the last pull failed, by back-off key. */
  private readonly lastError = new Map<string, string>();

  constructor(
    private readonly services: NodeServices,
    private readonly pod: () => Pod,
  ) {}

  *ensure(container: Container): Steps<ImageResult> {
    const reference = container.image ?? "";
    const name = parseImageName(reference);
    if ("error" in name) {
      const message = `Failed to apply default image tag "${reference}": ${name.error}`;
      this.record(container, "Warning", "InspectFailed", message);
      return { obstacle: { reason: "InvalidImageName", message } };
    }
    const present = this.services.images.get(name);
    const policy = container.imagePullPolicy ?? "IfNotPresent";
    if (present && policy !== "Always") {
      const message = `Container image "${reference}" already present on machine`;
      this.record(container, "Normal", "Pulled", message);
      return { image: present };
    }
    if (policy === "Never") {
      const message = `Container image "${reference}" is not present with pull policy of Never`;
      this.record(container, "Warning", "ErrImageNeverPull", message);
      return { obstacle: { reason: "ErrImageNeverPull", message } };
    }
    return yield* this.pull(container, name);
  }

  private *pull(container: Container, name: ImageName): Steps<ImageResult> {
    const { clock, images, pullBackoff } = this.services;
    const reference = container.image ?? "";
    const key = `${this.pod().metadata.uid}_${reference}`;
    if (pullBackoff.isWaiting(key, clock.now())) return this.backOff(container, key);
    this.lastError.delete(key);
    this.record(container, "Normal", "Pulling", `Pulling image "${reference}"`);
    this.services.observe(this.pod(), "pulling", `Pulling image "${reference}"`, container.name);
    const began = clock.now();
    const result = yield* images.pull(name);
    if ("error" in result) {
      pullBackoff.next(key, clock.now());
      this.lastError.set(key, `ErrImagePull: ${result.error}`);
      const message = `Failed to pull image "${reference}": ${result.error}`;
      this.record(container, "Warning", "Failed", message);
      return { obstacle: { reason: "ErrImagePull", message: result.error } };
    }
    const whole = goDuration(clock.now() - began);
    const own = goDuration(result.pullMs);
    const size = result.image.sizeBytes;
    const message = `Successfully pulled image "${reference}" in ${own} (${whole} including waiting). Image size: ${size} bytes.`;
    this.record(container, "Normal", "Pulled", message);
    this.services.observe(this.pod(), "pulled", message, container.name);
    return { image: result.image };
  }

  private backOff(container: Container, key: string): ImageResult {
    const message = `Back-off pulling image "${container.image ?? ""}"`;
    this.record(container, "Normal", "BackOff", message);
    const cause = this.lastError.get(key);
    const whole = cause === undefined ? message : `${message}: ${cause}`;
    return { obstacle: { reason: "ImagePullBackOff", message: whole } };
  }

  private record(container: Container, type: EventType, reason: string, message: string): void {
    recordPodEvent(this.services.events, this.pod(), { type, reason, message, container });
  }
}
