// Finds what is known of an image by its repository and tag.
import type { CatalogImage } from "./catalogImage.ts";
import { wellKnownImages } from "./wellKnownImages.ts";

const byRepository = new Map(wellKnownImages.map((image) => [image.repository, image]));

/** Other names under which registries serve the same images. */
const aliases: readonly (readonly [prefix: string, canonical: string])[] = [
  ["k8s.gcr.io/", "registry.k8s.io/"],
  ["public.ecr.aws/docker/library/", "docker.io/library/"],
  ["mirror.gcr.io/library/", "docker.io/library/"],
  ["gcr.io/google-containers/", "registry.k8s.io/"],
  ["registry.k8s.io/e2e-test-images/busybox", "docker.io/library/busybox"],
  ["registry.k8s.io/e2e-test-images/nginx", "docker.io/library/nginx"],
  ["registry.k8s.io/e2e-test-images/httpd", "docker.io/library/httpd"],
];

/** @returns undefined for a repository that the catalog does not know */
export function catalogImage(repository: string): CatalogImage | undefined {
  for (const [prefix, canonical] of aliases)
    if (repository.startsWith(prefix))
      return byRepository.get(canonical + repository.slice(prefix.length));
  return byRepository.get(repository);
}

/** The size of the image under `tag`; undefined if there is no such tag. */
export function taggedSize(image: CatalogImage, tag: string): number | undefined {
  if (tag === "latest" || tag === "") return image.size;
  const [first = "", ...rest] = tag.split("-");
  const variants = image.variants ?? {};
  const hasVersion = isVersion(image, first);
  const names = hasVersion ? rest : [first, ...rest];
  if (names.length === 0) return image.size;
  let size: number | undefined;
  for (const name of names) {
    const known = variants[name] ?? variants[name.replace(/[\d.]+$/, "")];
    // "3.10.1-0" and the like: a build number names no variant.
    if (known === undefined && !(hasVersion && /^\d+$/.test(name))) return undefined;
    size = Math.min(size ?? image.size * 2, known ?? image.size);
  }
  return size;
}

/** A listed version, a patch of one, or the whole number that listed versions begin with. */
function isVersion({ versions }: CatalogImage, text: string): boolean {
  if (versions.includes(text)) return true;
  if (!/^v?\d+(\.\d+){0,3}$/.test(text)) return false;
  if (versions.some((version) => version.startsWith(`${text}.`))) return true;
  const minor = text.replace(/\.\d{1,2}$/, "");
  if (minor !== text && minor.includes(".") && versions.includes(minor)) return true;
  return isPatch(text, versions);
}

/** "17.4" of a product that counts in whole numbers. */
function isPatch(text: string, versions: readonly string[]): boolean {
  const [major = "", ...rest] = text.split(".");
  const onlyMajors = versions.every(
    (version) => version === major || !version.startsWith(`${major}.`),
  );
  return rest.length > 0 && onlyMajors && versions.includes(major);
}
