// Pathname expansion: the files that a pattern names, in order.
import { FileError } from "../../process/fileError.ts";
import type { FileSystem } from "../../process/fileSystem.ts";
import { joinPath } from "../../process/paths.ts";
import { type Field, fieldText } from "./fields.ts";
import { Pattern, type PatternPart } from "./pattern.ts";

/** More than a command line can hold. */
const mostPaths = 10_000;

/** The paths that match; the pattern itself if there are none. */
export function expandPathnames(field: Field, files: FileSystem, cwd: string): readonly string[] {
  if (!Pattern.isIn(field)) return [fieldText(field)];
  const components = splitAtSlashes(field);
  const isAbsolute = fieldText(components[0] ?? []) === "" && components.length > 1;
  let paths: readonly string[] = [isAbsolute ? "/" : ""];
  for (const [i, component] of components.entries()) {
    if (i === 0 && isAbsolute) continue;
    const isLast = i === components.length - 1;
    paths = paths
      .flatMap((base) => matching(base, component, isLast, files, cwd))
      .slice(0, mostPaths);
  }
  return paths.length > 0 ? [...paths].sort(byCode) : [fieldText(field)];
}

function matching(
  base: string,
  component: Field,
  isLast: boolean,
  files: FileSystem,
  cwd: string,
): readonly string[] {
  const text = fieldText(component);
  const end = isLast ? "" : "/";
  if (!Pattern.isIn(component)) {
    const path = `${base}${text}`;
    return text === "" || files.exists(joinPath(cwd, path)) ? [`${path}${end}`] : [];
  }
  const pattern = Pattern.of(component);
  const names = listed(files, joinPath(cwd, base === "" ? "." : base));
  return names
    .filter((name) => (text.startsWith(".") || !name.startsWith(".")) && pattern.matches(name))
    .filter((name) => isLast || files.stats(joinPath(cwd, base + name))?.kind === "directory")
    .map((name) => `${base}${name}${end}`);
}

function listed(files: FileSystem, directory: string): readonly string[] {
  try {
    return files.list(directory);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function splitAtSlashes(field: Field): Field[] {
  const components: PatternPart[][] = [[]];
  for (const { text, isQuoted } of field)
    for (const [i, part] of text.split("/").entries()) {
      if (i > 0) components.push([]);
      if (part !== "") components.at(-1)?.push({ text: part, isQuoted });
    }
  return components;
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
