// Files of one volume that lie in each other's way.
// Source: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths, kubernetes v1.34.
import type { Volume, VolumeProjection } from "../../../types.ts";

/** A file, and which of a projected volume's sources brings it. */
interface VirtualPath {
  readonly path: string;
  readonly source: string;
}

interface Items {
  readonly items?: readonly { readonly path: string }[];
}

export function overlappingPathWarnings(volumes: readonly Volume[] | undefined): readonly string[] {
  return (volumes ?? []).flatMap(({ name, configMap, secret, downwardAPI, projected }) => [
    ...(configMap ? overlaps(pathsOf(configMap), name, `ConfigMap "${configMap.name ?? ""}"`) : []),
    ...(secret ? overlaps(pathsOf(secret), name, `Secret "${secret.secretName ?? ""}"`) : []),
    ...(downwardAPI ? overlaps(pathsOf(downwardAPI), name, "DownwardAPI") : []),
    ...projectedWarnings(name, projected?.sources ?? []),
  ]);
}

function projectedWarnings(
  volume: string,
  sources: readonly VolumeProjection[],
): readonly string[] {
  const empty = sources.filter((source) => Object.keys(source).length === 0);
  return [
    ...empty.map(() => `volume "${volume}" (Projected) has no sources provided`),
    ...overlaps(sources.flatMap(projectedPaths), volume, "Projected"),
  ];
}

function projectedPaths(projection: VolumeProjection): readonly VirtualPath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  if (configMap) return pathsOf(configMap, `ConfigMap "${configMap.name ?? ""}"`);
  if (secret) return pathsOf(secret, `Secret "${secret.name ?? ""}"`);
  if (downwardAPI) return pathsOf(downwardAPI, "DownwardAPI");
  if (serviceAccountToken)
    return [{ path: serviceAccountToken.path, source: "ServiceAccountToken" }];
  if (!clusterTrustBundle) return [];
  const { name, signerName = "", path } = clusterTrustBundle;
  return [{ path, source: `ClusterTrustBundle "${name ?? signerName}"` }];
}

function pathsOf({ items }: Items, source = ""): readonly VirtualPath[] {
  return (items ?? []).map(({ path }) => ({ path, source }));
}

function overlaps(paths: readonly VirtualPath[], volume: string, what: string): readonly string[] {
  const trimmed = paths.map(({ path, source }) => ({ path: path.replace(/\/+$/, ""), source }));
  return trimmed.flatMap((path, i) =>
    trimmed
      .slice(0, i)
      .filter((other) => doOverlap(path.path, other.path))
      .map(
        (other) =>
          `volume "${volume}" (${what}): overlapping paths: ${pathText(path)} with ${pathText(other)}`,
      ),
  );
}

function doOverlap(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function pathText({ path, source }: VirtualPath): string {
  return source === "" ? `"${path}"` : `"${path}" (${source})`;
}
