// The images that the simulated registries serve, as one writes them.
import { wellKnownImages } from "./wellKnownImages.ts";

/** Docker Hub needs no name, and its own images no owner. */
const impliedPrefix = /^docker\.io\/(library\/)?/;

/** Variants that every version of an image has, where one has them. */
const commonVariants = ["alpine", "slim"];

/** By repository, the newest version first, then its variants: "nginx:1.29", "nginx:1.29-alpine". */
export function catalogImageNames(): readonly string[] {
  return wellKnownImages.flatMap(({ repository, versions, variants = {} }) => {
    const name = repository.replace(impliedPrefix, "");
    const newest = versions.at(-1);
    if (newest === undefined) return [name];
    const own = commonVariants.filter((variant) => variant in variants);
    const tags = [...versions.toReversed(), ...own.map((variant) => `${newest}-${variant}`)];
    return tags.map((tag) => `${name}:${tag}`);
  });
}
