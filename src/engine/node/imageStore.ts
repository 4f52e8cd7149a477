// The images of one machine: what is there, and how it gets there. Pulls go one after the other, as
// the kubelet's serializeImagePulls has them.
import type { ContainerImage } from "../../api/types.ts";
import { disposable } from "../../base/disposable.ts";
import { hash, type Random } from "../../base/random.ts";
import type { Clock } from "../clock.ts";
import {
  nodeStatusMaxImages,
  pullBytesPerMs,
  registryLatencyMs,
  registryTimeoutMs,
} from "../limits.ts";
import { catalogImage, taggedSize } from "./imageCatalog.ts";
import { fullImageName, type ImageName, parseImageName } from "./imageName.ts";
import { pause, type Steps } from "./steps.ts";

export interface StoredImage {
  /** "docker.io/library/nginx:1.27". */
  readonly name: string;
  /** "docker.io/library/nginx@sha256:…". */
  readonly id: string;
  readonly sizeBytes: number;
}

export type PullResult = { readonly image: StoredImage } | { readonly error: string };

export class ImageStore {
  private readonly images = new Map<string, StoredImage>();
  private readonly waiting: (() => void)[] = [];
  private isPulling = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    preloaded: readonly string[],
    /** The registries of the world. */
    private readonly registries: { readonly isRunning: boolean } = { isRunning: true },
  ) {
    for (const reference of preloaded) {
      const name = parseImageName(reference);
      if ("error" in name) continue;
      const image = registryImage(name);
      if ("image" in image) this.images.set(image.image.name, image.image);
    }
  }

  get(name: ImageName): StoredImage | undefined {
    return this.images.get(fullImageName(name));
  }

  /** Takes an image for present that a running container needs, e.g. after the engine's restart. */
  assume(name: ImageName): void {
    const found = registryImage(name);
    if ("image" in found) this.images.set(found.image.name, found.image);
  }

  /** node.status.images: the largest first. Source: pkg/kubelet/nodestatus/setters.go Images, 1.34. */
  list(): readonly ContainerImage[] {
    return [...this.images.values()]
      .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.name < b.name ? -1 : 1))
      .slice(0, nodeStatusMaxImages)
      .map(({ id, name, sizeBytes }) => ({ names: [id, name], sizeBytes }));
  }

  /** Fetches an image once all earlier pulls are done. @returns also how long the pull itself took */
  *pull(name: ImageName): Steps<PullResult & { readonly pullMs: number }> {
    if (this.isPulling) yield* this.queue();
    this.isPulling = true;
    try {
      const began = this.clock.now();
      if (!this.registries.isRunning) {
        yield pause(registryTimeoutMs, `wait for the registry of ${fullImageName(name)}`);
        return { error: unanswered(name), pullMs: registryTimeoutMs };
      }
      const found = registryImage(name);
      const isHere = this.images.has(fullImageName(name));
      const bytes = "image" in found && !isHere ? found.image.sizeBytes : 0;
      const luck = 0.85 + 0.3 * this.random.fraction();
      yield pause(
        (registryLatencyMs + bytes / pullBytesPerMs) * luck,
        `pull ${fullImageName(name)}`,
      );
      if ("image" in found) this.images.set(found.image.name, found.image);
      return { ...found, pullMs: this.clock.now() - began };
    } finally {
      this.isPulling = false;
      this.waiting.shift()?.();
    }
  }

  /** Frees what no container runs on. */
  removeUnused(used: ReadonlySet<string>): void {
    for (const name of this.images.keys()) if (!used.has(name)) this.images.delete(name);
  }

  /** What all images take on the disk. */
  get bytes(): number {
    return [...this.images.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  private *queue(): Steps {
    yield {
      until: (resume) => {
        this.waiting.push(resume);
        return disposable(() => {
          const at = this.waiting.indexOf(resume);
          if (at >= 0) this.waiting.splice(at, 1);
        });
      },
    };
  }
}

/** What the registry has. Source of the refusal's words: containerd v2.1 through CRI. */
function registryImage(name: ImageName): PullResult {
  const { repository, tag, digest } = name;
  const known = catalogImage(repository);
  const size = known ? taggedSize(known, tag) : 20_000_000 + (hash(repository) % 180_000_000);
  const full = fullImageName(name);
  if (size === undefined || isNowhere(repository)) return { error: notFound(full, repository) };
  const id = `${repository}@${digest || `sha256:${digestOf(full)}`}`;
  return { image: { name: full, id, sizeBytes: size } };
}

/** Hosts that are reserved for examples, and what people type to see a pull fail. */
function isNowhere(repository: string): boolean {
  return /(^|[./-])(invalid|does-?not-?exist|nonexist(ent|ing)|no-?such-?image)([./-]|$)/.test(
    repository,
  );
}

function notFound(full: string, repository: string): string {
  const prefix = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  if (!isNowhere(repository))
    return `rpc error: code = NotFound desc = ${prefix}: ${full}: not found`;
  return repository.startsWith("docker.io/")
    ? `${prefix}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`
    : `${prefix}: failed to do request: Head "https://${repository.replace("/", "/v2/")}/manifests/latest": dial tcp: lookup ${repository.split("/")[0]}: no such host`;
}

/** The words of containerd v2.1 for a registry that cannot be reached. */
function unanswered(name: ImageName): string {
  const full = fullImageName(name);
  const [registry = "", ...path] = name.repository.split("/");
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const url = `https://${host}/v2/${path.join("/")}/manifests/${name.digest || name.tag}`;
  return `failed to pull and unpack image "${full}": failed to resolve reference "${full}": failed to do request: Head "${url}": dial tcp: lookup ${host}: i/o timeout`;
}

/** 64 hex digits that stand for the image's content, the same on every machine. */
export function digestOf(text: string): string {
  return Array.from({ length: 8 }, (_, i) =>
    hash(`${i}/${text}`).toString(16).padStart(8, "0"),
  ).join("");
}
