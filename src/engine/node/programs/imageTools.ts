// Which image has which tools, and whose: learners meet images that lack what they look for.
// Source: the images' own Dockerfiles, as of 2025.
import type { Executable } from "../process/process.ts";
import { programsOf } from "./index.ts";
import type { Userland } from "./tools/tool.ts";

/** What busybox does not have, nor alpine around it. */
const notInBusybox = "curl dig host bash gawk mawk";
/** What Debian's base image does not have. */
const notInDebian =
  "curl wget nslookup dig host nc netcat telnet ping httpd ip ifconfig ps top free uptime watch pgrep pkill pidof kill killall hexdump gawk";
const procps = "ps top free uptime watch pgrep pkill pidof kill";
const buildTools = `curl wget ${procps}`;

interface Additions {
  /** Tools in the words of busybox or of others, whatever the rest of the image speaks. */
  readonly words?: Userland;
  readonly names: string;
}

const byRepository: Readonly<Record<string, Additions>> = {
  "docker.io/library/nginx": { names: "curl" },
  "docker.io/nginxinc/nginx-unprivileged": { names: "curl" },
  "docker.io/library/ubuntu": { names: procps },
  "docker.io/library/bash": { names: "bash" },
  "docker.io/library/python": { names: buildTools },
  "docker.io/library/node": { names: buildTools },
  "docker.io/library/golang": { names: buildTools },
  "docker.io/library/perl": { names: buildTools },
  "docker.io/library/wordpress": { names: "curl" },
  "docker.io/curlimages/curl": { names: "curl" },
  "registry.k8s.io/e2e-test-images/agnhost": {
    names: "curl dig host nslookup nc netcat bash ip",
    words: "debian",
  },
  "registry.k8s.io/e2e-test-images/jessie-dnsutils": {
    names: "dig host nslookup curl",
    words: "debian",
  },
};

/** The tools of an image by their names. @param tag "1.28", "3.12-slim", … */
export function imageTools(
  repository: string,
  tag: string,
  userland: Userland,
): ReadonlyMap<string, Executable> {
  const { names = "", words = userland } = additionsOf(repository, tag, userland);
  const own = programsOf(userland, repository.endsWith("/busybox") ? releaseOf(tag) : undefined);
  const lacking = new Set((userland === "busybox" ? notInBusybox : notInDebian).split(" "));
  const added = programsOf(words);
  return new Map([
    ...[...own].filter(([name]) => !lacking.has(name)),
    ...names.split(" ").flatMap((name) => {
      const program = added.get(name);
      return program ? [[name, program] as const] : [];
    }),
  ]);
}

/** Slim images lack what their Debian variants add; alpine ones what is Debian's. */
function additionsOf(repository: string, tag: string, userland: Userland): Partial<Additions> {
  const isSmall = tag.includes("slim") || (tag.includes("alpine") && userland === "busybox");
  const additions = byRepository[repository] ?? {};
  if (!isSmall) return additions;
  return repository.endsWith("/nginx") ? { names: "curl" } : {};
}

/** Equal for tags of an image that have the same tools. */
export function toolsetKey(tag: string): string {
  return `${releaseOf(tag) ?? ""}${tag.includes("slim") ? " slim" : ""}`;
}

/** "1.28" for "1.28.4-glibc"; the newest where the tag says nothing. */
function releaseOf(tag: string): string | undefined {
  return /^1\.\d+/.exec(tag)?.[0];
}
