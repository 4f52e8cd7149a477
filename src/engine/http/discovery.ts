// Discovery: what the server serves, as lists of groups, versions, resources and verbs. Derived from the
// kinds, made again when one comes or goes.
// Source: apiserver pkg/endpoints/{installer.go,discovery}, apiextensions customresource_discovery, 1.34.
import { compareGroups, compareVersionsOf } from "../../api/groupPriorities.ts";
import type { Kind, KindRegistry } from "../../api/kind.ts";
import { sha256 } from "../network/sha256.ts";
import { isCustom, subresourcesOf, verbsOf } from "./discovery/servedResource.ts";

/** An APIGroup's version. */
interface GroupVersion {
  readonly groupVersion: string;
  readonly version: string;
}

interface Group {
  readonly name: string;
  readonly versions: readonly GroupVersion[];
  readonly preferredVersion: GroupVersion;
}

type Document = Readonly<Record<string, unknown>>;

export class Discovery {
  /** By group and version, the versions of a group in the order of preference. */
  private groups = new Map<string, ReadonlyMap<string, readonly Kind[]>>();

  constructor(private readonly kinds: KindRegistry) {
    this.read();
    kinds.onChanged(() => this.read());
  }

  /** The body of /api. `serverAddress` is how the client reaches the server: "127.0.0.1:6443". */
  coreVersions(serverAddress: string): Document {
    return {
      kind: "APIVersions",
      versions: [...(this.groups.get("")?.keys() ?? [])],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
    };
  }

  /** The body of /apis. */
  groupList(): Document {
    return { kind: "APIGroupList", apiVersion: "v1", groups: this.namedGroups().map(groupOf) };
  }

  /** The body of /apis/GROUP; undefined for a group that is not served. */
  group(name: string): Document | undefined {
    const versions = name === "" ? undefined : this.groups.get(name);
    return versions && { kind: "APIGroup", apiVersion: "v1", ...groupOf([name, versions]) };
  }

  /** The body of /api/v1 and /apis/GROUP/VERSION; undefined for a version that is not served. */
  resourceList(group: string, version: string): Document | undefined {
    const kinds = this.groups.get(group)?.get(version);
    if (!kinds) return undefined;
    const resources = kinds.flatMap(apiResources);
    // The oldest path leaves out what it is a version of.
    return group === ""
      ? { kind: "APIResourceList", groupVersion: version, resources }
      : {
          kind: "APIResourceList",
          apiVersion: "v1",
          groupVersion: `${group}/${version}`,
          resources,
        };
  }

  /** All of /api or /apis in one body. */
  aggregated(root: "api" | "apis", version: "v2" | "v2beta1"): Document {
    const groups = [...this.groups].filter(([name]) => (name === "") === (root === "api"));
    return {
      kind: "APIGroupDiscoveryList",
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
      items: groups.map(([name, versions]) => ({
        metadata: name === "" ? {} : { name },
        versions: [...versions].map(([version, kinds]) => ({
          version,
          resources: kinds.map(discoveryResource),
          freshness: "Current",
        })),
      })),
    };
  }

  /** "v1", "apps/v1", ... in the order of discovery. */
  groupVersions(): readonly string[] {
    return [...this.groups].flatMap(([group, versions]) =>
      [...versions.keys()].map((version) => (group === "" ? version : `${group}/${version}`)),
    );
  }

  private namedGroups(): readonly GroupEntry[] {
    return [...this.groups].filter(([name]) => name !== "");
  }

  private read(): void {
    const byGroup = Map.groupBy(this.kinds, ({ gvk }) => gvk.group);
    this.groups = new Map(
      [...byGroup]
        .sort(([a], [b]) => compareGroups(a, b))
        .map(([group, kinds]) => [group, byVersion(group, kinds)]),
    );
  }
}

type GroupEntry = readonly [name: string, versions: ReadonlyMap<string, readonly Kind[]>];

function byVersion(group: string, kinds: readonly Kind[]): ReadonlyMap<string, readonly Kind[]> {
  const versions = Map.groupBy(kinds, ({ gvk }) => gvk.version);
  const compare = compareVersionsOf(group);
  return new Map(
    [...versions]
      .sort(([a], [b]) => compare(a, b))
      .map(([version, served]) => [version, served.toSorted(byPlural)]),
  );
}

function byPlural(a: Kind, b: Kind): number {
  return a.plural < b.plural ? -1 : Number(a.plural > b.plural);
}

function groupOf([name, kinds]: GroupEntry): Group {
  const versions = [...kinds.keys()].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  const [preferredVersion = { groupVersion: name, version: "" }] = versions;
  return { name, versions, preferredVersion };
}

/** The lines of a kind in an APIResourceList: its own, and one for each subresource. */
function apiResources(kind: Kind): readonly Document[] {
  const { plural: name, namespaced, gvk } = kind;
  const own = {
    name,
    singularName: kind.singular,
    namespaced,
    kind: gvk.kind,
    verbs: verbsOf(kind),
    ...namesOf(kind),
    ...(isStored(kind) ? { storageVersionHash: storageVersionHash(kind) } : {}),
  };
  const parts = subresourcesOf(kind).map(({ subresource, group, version, kind: of, verbs }) => ({
    name: `${name}/${subresource}`,
    singularName: "",
    namespaced,
    ...(group === "" ? {} : { group, version }),
    kind: of,
    verbs,
  }));
  return [own, ...parts];
}

function discoveryResource(kind: Kind): Document {
  const parts = subresourcesOf(kind).map(({ subresource, group, version, kind: of, verbs }) => ({
    subresource,
    responseKind: { ...responseGroup(kind, group, version), kind: of },
    verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: { ...responseGroup(kind, "", ""), kind: kind.gvk.kind },
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...namesOf(kind),
    ...(parts.length === 0 ? {} : { subresources: parts }),
  };
}

/** Built-in kinds leave their own group and version open; custom ones say it. */
function responseGroup(kind: Kind, group: string, version: string): Document {
  if (group !== "" || !isCustom(kind)) return { group, version };
  return { group: kind.gvk.group, version: kind.gvk.version };
}

function namesOf({ shortNames, categories }: Kind): Document {
  return {
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

function isStored({ unstored, verbs }: Kind): boolean {
  return !unstored && verbs.includes("create") && verbs.includes("get");
}

const hashedBytes = 8;

/** Source: apiserver pkg/endpoints/discovery/storageversionhash.go. */
function storageVersionHash(kind: Kind): string {
  const { group, version, kind: name } = (kind.storedAs?.kind ?? kind).gvk;
  const digest = sha256(`${group}/${version}/${name}`).subarray(0, hashedBytes);
  return btoa(String.fromCharCode(...digest));
}
