// The programs of well-known images beside the usual tools, and what else such an image brings along.
import type { CatalogImage } from "../catalogImage.ts";
import type { Directory } from "../process/fileNode.ts";
import type { Executable } from "../process/process.ts";
import type { Signal } from "../process/signals.ts";
import { agnhost } from "./agnhost/agnhost.ts";
import { apache, furnishApache } from "./apache.ts";
import { healthTools } from "./healthTools.ts";
import { httpEcho } from "./httpEcho.ts";
import { interpreter } from "./interpreter.ts";
import { nautilus } from "./nautilus.ts";
import { furnishNginx, nginx } from "./nginx.ts";
import { perl } from "./perl.ts";
import { phpApache } from "./phpApache.ts";
import { redisCli, redisServer } from "./redis.ts";
import { stress } from "./stress.ts";

export interface ImagePrograms {
  /** By their paths. */
  readonly programs: Readonly<Record<string, Executable>>;
  /** Puts other files into the image. */
  furnish?(files: Directory): void;
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly stopSignal?: Signal;
  /** No command is there but these and the usual tools. */
  readonly isComplete?: boolean;
}

const web = { stopSignal: "SIGQUIT", furnish: furnishNginx, isComplete: true } as const;

const byRepository: Readonly<Record<string, ImagePrograms>> = {
  "docker.io/library/nginx": { ...web, programs: { "/usr/sbin/nginx": nginx } },
  "docker.io/nginxinc/nginx-unprivileged": { ...web, programs: { "/usr/sbin/nginx": nginx } },
  "docker.io/library/httpd": {
    programs: { "/usr/local/bin/httpd-foreground": apache, "/usr/local/apache2/bin/httpd": apache },
    furnish: furnishApache,
    workingDir: "/usr/local/apache2",
    stopSignal: "SIGWINCH",
    isComplete: true,
  },
  "docker.io/library/redis": {
    programs: { "/usr/local/bin/redis-server": redisServer, "/usr/local/bin/redis-cli": redisCli },
    workingDir: "/data",
    isComplete: true,
  },
  "docker.io/hashicorp/http-echo": { programs: { "/http-echo": httpEcho }, isComplete: true },
  "registry.k8s.io/e2e-test-images/nautilus": { programs: { "/nautilus": nautilus } },
  "docker.io/polinux/stress": { programs: { "/usr/bin/stress": stress } },
  "docker.io/library/perl": { programs: { "/usr/local/bin/perl": perl } },
  "registry.k8s.io/hpa-example": { programs: { "/usr/local/bin/apache2-foreground": phpApache } },
  "registry.k8s.io/e2e-test-images/agnhost": {
    programs: { "/agnhost": agnhost, "/agnhost-2": agnhost },
    isComplete: true,
  },
  "docker.io/library/python": {
    programs: { "/usr/local/bin/python": interpreter, "/usr/local/bin/python3": interpreter },
  },
  "docker.io/library/node": { programs: { "/usr/local/bin/node": interpreter } },
  "docker.io/library/golang": { programs: { "/usr/local/go/bin/go": interpreter } },
};

export function imagePrograms({ repository }: CatalogImage): ImagePrograms {
  const own = byRepository[repository] ?? { programs: {} };
  return { ...own, programs: { ...healthTools(repository), ...own.programs } };
}
