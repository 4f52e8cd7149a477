// Well-known images as data: versions, size, what they run, how they behave. Sizes are those of the
// compressed layers for linux/amd64, as containerd reports them; approximate but for a few.
import { second } from "../../base/time.ts";
import type { Server } from "./program.ts";

export interface CatalogImage {
  /** In full, e.g. "docker.io/library/nginx". */
  readonly repository: string;
  /** Versions that exist, by their first one or two numbers; patches of them exist as well. */
  readonly versions: readonly string[];
  /** Tags and suffixes that exist beside "latest", with the size of the image that they name. */
  readonly variants?: Readonly<Record<string, number>>;
  /** Bytes of the plain image. */
  readonly size: number;
  /** The user that it runs as; 0 is root. */
  readonly uid?: number;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly behaviour: Behaviour;
}

export type Behaviour =
  | ServerBehaviour
  /** A shell, or an interpreter that reads standard input: ends at once without one. */
  | { readonly type: "shell" }
  /** Runs what it was told to and ends. */
  | { readonly type: "tool"; readonly exitCode: number; readonly lines?: readonly string[] };

export interface ServerBehaviour {
  readonly type: "server";
  readonly ports: readonly number[];
  readonly isHttp?: boolean;
  /** From start to listening. */
  readonly startMs: number;
  /** Exit code on the image's stop signal; absent if it ignores it. */
  readonly stopCode?: number;
  readonly stopMs?: number;
  readonly lines?: readonly string[];
  /** Without one of these variables it refuses to start, with these words. */
  readonly requires?: { readonly anyOf: readonly string[]; readonly complaint: readonly string[] };
  /** A flag or argument that sets the port, e.g. "-listen=:8080". */
  readonly portFlag?: RegExp;
  readonly status?: Server["status"];
}

const mega = 1_000_000;

const postgresComplaint = [
  "Error: Database is uninitialized and superuser password is not specified.",
  "       You must specify POSTGRES_PASSWORD to a non-empty value for the",
  '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
  "",
  '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all',
  "       connections without a password. This is *not* recommended.",
  "",
  '       See PostgreSQL documentation about "trust":',
  "       https://www.postgresql.org/docs/current/auth-trust.html",
];

function sqlComplaint(prefix: string): readonly string[] {
  return [
    `[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified`,
    `    You need to specify one of the following as an environment variable:`,
    `    - ${prefix}_ROOT_PASSWORD`,
    `    - ${prefix}_ALLOW_EMPTY_PASSWORD`,
    `    - ${prefix}_RANDOM_ROOT_PASSWORD`,
  ];
}

/** The docs' liveness example: fine for ten seconds, then broken. */
const failsAfterTenSeconds: Server["status"] = (path, since) =>
  path === "/healthz" && since >= 10 * second ? 500 : 200;

export const catalog: readonly CatalogImage[] = [
  {
    repository: "docker.io/library/nginx",
    versions: [
      "1.7",
      "1.13",
      "1.14",
      "1.15",
      "1.16",
      "1.17",
      "1.18",
      "1.19",
      "1.20",
      "1.21",
      "1.22",
      "1.23",
      "1.24",
      "1.25",
      "1.26",
      "1.27",
      "1.28",
      "1.29",
    ],
    variants: {
      alpine: 20_900_000,
      slim: 20_900_000,
      bookworm: 72_188_133,
      trixie: 59_800_000,
      perl: 82 * mega,
      otel: 100 * mega,
      mainline: 72_188_133,
      stable: 72_188_133,
    },
    size: 72_188_133,
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    behaviour: {
      type: "server",
      ports: [80],
      isHttp: true,
      startMs: 150,
      stopCode: 0,
      stopMs: 40,
      lines: [
        "/docker-entrypoint.sh: Configuration complete; ready for start up",
        'nginx: [notice] using the "epoll" event method',
        "nginx: [notice] start worker processes",
      ],
    },
  },
  {
    repository: "docker.io/nginxinc/nginx-unprivileged",
    versions: ["1.25", "1.26", "1.27", "1.28", "1.29"],
    variants: { alpine: 21 * mega },
    size: 72 * mega,
    uid: 101,
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    behaviour: { type: "server", ports: [8080], isHttp: true, startMs: 150, stopCode: 0 },
  },
  {
    repository: "docker.io/library/httpd",
    versions: ["2.2", "2.4"],
    variants: { alpine: 20 * mega, bookworm: 58 * mega, trixie: 45 * mega },
    size: 45_200_000,
    command: ["httpd-foreground"],
    behaviour: {
      type: "server",
      ports: [80],
      isHttp: true,
      startMs: 200,
      stopCode: 0,
      stopMs: 60,
      lines: [
        "[mpm_event:notice] AH00489: Apache/2.4 (Unix) configured -- resuming normal operations",
      ],
    },
  },
  {
    repository: "docker.io/library/redis",
    versions: [
      "3",
      "3.2",
      "4",
      "4.0",
      "5",
      "5.0",
      "6",
      "6.0",
      "6.2",
      "7",
      "7.0",
      "7.2",
      "7.4",
      "8",
      "8.0",
      "8.2",
    ],
    variants: { alpine: 17_300_000, bookworm: 46 * mega },
    size: 45_900_000,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["redis-server"],
    behaviour: {
      type: "server",
      ports: [6379],
      startMs: 250,
      stopCode: 0,
      stopMs: 30,
      portFlag: /^--port$/,
      lines: [
        "* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
        "* Ready to accept connections tcp",
      ],
    },
  },
  {
    repository: "docker.io/library/memcached",
    versions: ["1.4", "1.5", "1.6"],
    variants: { alpine: 4 * mega, bookworm: 32 * mega },
    size: 32 * mega,
    uid: 11211,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["memcached"],
    behaviour: { type: "server", ports: [11211], startMs: 60, stopCode: 0 },
  },
  {
    repository: "docker.io/library/postgres",
    versions: ["9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18"],
    variants: {
      alpine: 108 * mega,
      bookworm: 155 * mega,
      bullseye: 150 * mega,
      trixie: 158 * mega,
    },
    size: 155_300_000,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["postgres"],
    behaviour: {
      type: "server",
      ports: [5432],
      startMs: 2_600,
      stopCode: 0,
      stopMs: 120,
      requires: {
        anyOf: ["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD", "POSTGRES_PASSWORD_FILE"],
        complaint: postgresComplaint,
      },
      lines: [
        "PostgreSQL init process complete; ready for start up.",
        "LOG:  database system is ready to accept connections",
      ],
    },
  },
  {
    repository: "docker.io/library/mysql",
    versions: ["5.6", "5.7", "8", "8.0", "8.4", "9", "9.0", "9.1", "9.2", "9.3", "9.4"],
    variants: { oracle: 230 * mega, oraclelinux9: 230 * mega, debian: 170 * mega, lts: 230 * mega },
    size: 240 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["mysqld"],
    behaviour: {
      type: "server",
      ports: [3306],
      startMs: 9_000,
      stopCode: 0,
      stopMs: 900,
      requires: {
        anyOf: ["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"],
        complaint: sqlComplaint("MYSQL"),
      },
      lines: ["[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. port: 3306"],
    },
  },
  {
    repository: "docker.io/library/mariadb",
    versions: ["10", "10.5", "10.6", "10.11", "11", "11.4", "11.8", "12", "12.0"],
    variants: { lts: 110 * mega, noble: 110 * mega, jammy: 125 * mega },
    size: 110 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["mariadbd"],
    behaviour: {
      type: "server",
      ports: [3306],
      startMs: 4_500,
      stopCode: 0,
      stopMs: 400,
      requires: {
        anyOf: [
          "MARIADB_ROOT_PASSWORD",
          "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
          "MARIADB_RANDOM_ROOT_PASSWORD",
          "MYSQL_ROOT_PASSWORD",
        ],
        complaint: sqlComplaint("MARIADB"),
      },
    },
  },
  {
    repository: "docker.io/library/mongo",
    versions: ["4.4", "5", "5.0", "6", "6.0", "7", "7.0", "8", "8.0"],
    variants: { jammy: 270 * mega, noble: 300 * mega, focal: 260 * mega },
    size: 300 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["mongod"],
    behaviour: { type: "server", ports: [27017], startMs: 1_800, stopCode: 0, stopMs: 300 },
  },
  {
    repository: "docker.io/library/rabbitmq",
    versions: ["3", "3.8", "3.12", "3.13", "4", "4.0", "4.1"],
    variants: { management: 118 * mega, alpine: 76 * mega },
    size: 100 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["rabbitmq-server"],
    behaviour: { type: "server", ports: [5672, 15672], startMs: 6_000, stopCode: 0, stopMs: 1_200 },
  },
  {
    repository: "docker.io/library/wordpress",
    versions: ["4.8", "5", "5.9", "6", "6.2", "6.5", "6.6", "6.7", "6.8"],
    variants: {
      apache: 230 * mega,
      fpm: 220 * mega,
      alpine: 110 * mega,
      "php8.2": 230 * mega,
      "php8.3": 230 * mega,
    },
    size: 230 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["apache2-foreground"],
    behaviour: { type: "server", ports: [80], isHttp: true, startMs: 1_200, stopCode: 0 },
  },
  {
    repository: "docker.io/library/busybox",
    versions: [
      "1",
      "1.27",
      "1.28",
      "1.29",
      "1.30",
      "1.31",
      "1.32",
      "1.33",
      "1.34",
      "1.35",
      "1.36",
      "1.37",
    ],
    variants: {
      stable: 2_223_686,
      glibc: 2_223_686,
      musl: 855_000,
      uclibc: 780_000,
      unstable: 2_223_686,
    },
    size: 2_223_686,
    command: ["sh"],
    behaviour: { type: "shell" },
  },
  {
    repository: "registry.k8s.io/busybox",
    versions: ["1.24", "1.27"],
    size: 701_028,
    command: ["sh"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/alpine",
    versions: [
      "3",
      "3.12",
      "3.13",
      "3.14",
      "3.15",
      "3.16",
      "3.17",
      "3.18",
      "3.19",
      "3.20",
      "3.21",
      "3.22",
    ],
    variants: { edge: 3_800_000 },
    size: 3_805_600,
    command: ["/bin/sh"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/ubuntu",
    versions: ["18.04", "20.04", "22.04", "24.04", "24.10", "25.04"],
    variants: {
      bionic: 25 * mega,
      focal: 27 * mega,
      jammy: 29 * mega,
      noble: 29_700_000,
      rolling: 31 * mega,
    },
    size: 29_700_000,
    command: ["/bin/bash"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/debian",
    versions: ["9", "10", "11", "12", "13"],
    variants: {
      slim: 28 * mega,
      buster: 50 * mega,
      bullseye: 53 * mega,
      bookworm: 48_500_000,
      trixie: 49 * mega,
      stable: 49 * mega,
    },
    size: 49 * mega,
    command: ["bash"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/bash",
    versions: ["5", "5.0", "5.1", "5.2", "5.3", "4.4"],
    size: 6_600_000,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["bash"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/python",
    versions: ["2.7", "3", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"],
    variants: {
      slim: 43 * mega,
      alpine: 18 * mega,
      bookworm: 375 * mega,
      bullseye: 360 * mega,
      trixie: 395 * mega,
    },
    size: 395 * mega,
    command: ["python3"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/node",
    versions: ["8", "10", "12", "14", "16", "18", "20", "22", "23", "24"],
    variants: {
      slim: 78 * mega,
      alpine: 55 * mega,
      bookworm: 400 * mega,
      bullseye: 380 * mega,
      lts: 400 * mega,
      current: 400 * mega,
    },
    size: 400 * mega,
    entrypoint: ["docker-entrypoint.sh"],
    command: ["node"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/golang",
    versions: ["1", "1.20", "1.21", "1.22", "1.23", "1.24", "1.25"],
    variants: { alpine: 78 * mega, bookworm: 300 * mega },
    size: 300 * mega,
    command: ["bash"],
    behaviour: { type: "shell" },
  },
  {
    repository: "docker.io/library/perl",
    versions: ["5", "5.32", "5.34", "5.36", "5.38", "5.40", "5.42"],
    variants: { slim: 55 * mega },
    size: 336 * mega,
    command: ["perl", "-de0"],
    behaviour: { type: "tool", exitCode: 0 },
  },
  {
    repository: "docker.io/library/hello-world",
    versions: [],
    variants: { linux: 3_000 },
    size: 3_000,
    command: ["/hello"],
    behaviour: {
      type: "tool",
      exitCode: 0,
      lines: [
        "",
        "Hello from Docker!",
        "This message shows that your installation appears to be working correctly.",
      ],
    },
  },
  {
    repository: "docker.io/curlimages/curl",
    versions: [
      "7",
      "7.88",
      "8",
      "8.1",
      "8.5",
      "8.7",
      "8.8",
      "8.9",
      "8.10",
      "8.11",
      "8.12",
      "8.13",
      "8.14",
      "8.15",
      "8.16",
    ],
    size: 9_400_000,
    uid: 100,
    entrypoint: ["/entrypoint.sh"],
    command: ["curl"],
    behaviour: {
      type: "tool",
      exitCode: 2,
      lines: ["curl: try 'curl --help' or 'curl --manual' for more information"],
    },
  },
  {
    repository: "docker.io/hashicorp/http-echo",
    versions: ["0.2", "1", "1.0"],
    variants: { alpine: 8 * mega },
    size: 3_700_000,
    uid: 65532,
    entrypoint: ["/http-echo"],
    behaviour: {
      type: "server",
      ports: [5678],
      isHttp: true,
      startMs: 30,
      stopCode: 0,
      portFlag: /^--?listen(?:=.*?:(\d+))?$/,
      lines: ["[INFO] server is listening on :5678"],
    },
  },
  {
    repository: "docker.io/traefik/whoami",
    versions: ["1", "1.8", "1.10", "1.11", "v1.10", "v1.11"],
    size: 2_900_000,
    entrypoint: ["/whoami"],
    behaviour: {
      type: "server",
      ports: [80],
      isHttp: true,
      startMs: 20,
      stopCode: 2,
      portFlag: /^--port(?:=(\d+))?$/,
      lines: ["Starting up on port 80"],
    },
  },
  {
    repository: "gcr.io/google-samples/hello-app",
    versions: ["1.0", "2.0"],
    size: 4_800_000,
    entrypoint: ["./hello-app"],
    behaviour: { type: "server", ports: [8080], isHttp: true, startMs: 30, stopCode: 2 },
  },
  {
    repository: "registry.k8s.io/echoserver",
    versions: ["1.4", "1.10"],
    size: 43 * mega,
    command: ["nginx"],
    behaviour: { type: "server", ports: [8080], isHttp: true, startMs: 200, stopCode: 0 },
  },
  {
    repository: "docker.io/kicbase/echo-server",
    versions: ["1.0"],
    size: 2_200_000,
    entrypoint: ["/bin/echo-server"],
    behaviour: { type: "server", ports: [8080], isHttp: true, startMs: 20, stopCode: 2 },
  },
  {
    repository: "registry.k8s.io/hpa-example",
    versions: [],
    size: 191 * mega,
    command: ["apache2-foreground"],
    behaviour: { type: "server", ports: [80], isHttp: true, startMs: 700, stopCode: 0 },
  },
  {
    repository: "registry.k8s.io/pause",
    versions: ["2.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10"],
    size: 320_448,
    uid: 65535,
    entrypoint: ["/pause"],
    behaviour: { type: "server", ports: [], startMs: 0, stopCode: 0, stopMs: 5 },
  },
  {
    repository: "registry.k8s.io/e2e-test-images/agnhost",
    versions: [
      "2.10",
      "2.20",
      "2.21",
      "2.28",
      "2.32",
      "2.33",
      "2.36",
      "2.38",
      "2.39",
      "2.40",
      "2.41",
      "2.43",
      "2.45",
      "2.47",
      "2.48",
      "2.50",
      "2.52",
      "2.53",
      "2.54",
      "2.55",
      "2.56",
      "2.57",
    ],
    size: 51_105_200,
    entrypoint: ["/agnhost"],
    command: ["pause"],
    behaviour: {
      type: "server",
      ports: [8080],
      isHttp: true,
      startMs: 60,
      stopCode: 2,
      portFlag: /^--(?:http-)?port(?:=(\d+))?$/,
      status: failsAfterTenSeconds,
    },
  },
  {
    repository: "docker.io/polinux/stress",
    versions: ["1.0"],
    size: 4_000_000,
    command: ["stress"],
    behaviour: { type: "tool", exitCode: 0 },
  },
  {
    repository: "registry.k8s.io/kube-proxy",
    versions: ["v1.33", "v1.34"],
    size: 25_963_482,
    command: ["/usr/local/bin/kube-proxy"],
    behaviour: { type: "server", ports: [10249, 10256], isHttp: true, startMs: 300, stopCode: 2 },
  },
  {
    repository: "registry.k8s.io/coredns/coredns",
    versions: ["v1.11", "v1.12"],
    size: 22_384_805,
    uid: 65532,
    entrypoint: ["/coredns"],
    behaviour: {
      type: "server",
      ports: [53, 8080, 8181, 9153],
      isHttp: true,
      startMs: 250,
      stopCode: 0,
      stopMs: 5 * second,
    },
  },
  {
    repository: "registry.k8s.io/metrics-server/metrics-server",
    versions: ["v0.6", "v0.7", "v0.8"],
    size: 20_582_732,
    uid: 65534,
    entrypoint: ["/metrics-server"],
    behaviour: {
      type: "server",
      ports: [10250, 4443],
      isHttp: true,
      startMs: 20 * second,
      stopCode: 0,
    },
  },
  {
    repository: "registry.k8s.io/kube-apiserver",
    versions: ["v1.33", "v1.34"],
    size: 27_066_504,
    command: ["kube-apiserver"],
    behaviour: { type: "server", ports: [6443], isHttp: true, startMs: 2_000, stopCode: 0 },
  },
  {
    repository: "registry.k8s.io/kube-controller-manager",
    versions: ["v1.33", "v1.34"],
    size: 22_819_719,
    command: ["kube-controller-manager"],
    behaviour: { type: "server", ports: [10257], isHttp: true, startMs: 1_000, stopCode: 0 },
  },
  {
    repository: "registry.k8s.io/kube-scheduler",
    versions: ["v1.33", "v1.34"],
    size: 17_385_558,
    command: ["kube-scheduler"],
    behaviour: { type: "server", ports: [10259], isHttp: true, startMs: 1_000, stopCode: 0 },
  },
  {
    repository: "registry.k8s.io/etcd",
    versions: ["3.5", "3.6"],
    size: 74_311_308,
    command: ["etcd"],
    behaviour: { type: "server", ports: [2379, 2381], isHttp: true, startMs: 800, stopCode: 0 },
  },
];

const byRepository = new Map(catalog.map((image) => [image.repository, image]));

/** Other names under which registries serve the same images. */
const aliases: readonly (readonly [prefix: string, canonical: string])[] = [
  ["k8s.gcr.io/", "registry.k8s.io/"],
  ["public.ecr.aws/docker/library/", "docker.io/library/"],
  ["mirror.gcr.io/library/", "docker.io/library/"],
  ["gcr.io/google-containers/", "registry.k8s.io/"],
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
