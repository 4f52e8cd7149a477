// What the servers of well-known images use while nobody asks them anything.
import type { CatalogImage } from "./catalogImage.ts";
import type { Usage } from "./usage.ts";

const mebi = 2 ** 20;

/** A server that nobody knows. */
const unknownServer = [1, 16] as const;
/** A process that waits: a shell, `sleep`. */
export const waiting: Usage = { cpuMillis: 0, memoryBytes: 0.5 * mebi };
/** Millicores and MiB by the last part of the repository. */
const servers: Readonly<Record<string, readonly [cpuMillis: number, mebibytes: number]>> = {
  nginx: [0.2, 4],
  "nginx-unprivileged": [0.2, 4],
  httpd: [1, 9],
  redis: [3, 4],
  memcached: [1, 2],
  postgres: [2, 28],
  mysql: [8, 420],
  mariadb: [2, 95],
  mongo: [10, 110],
  rabbitmq: [6, 130],
  wordpress: [1, 40],
  "hpa-example": [1, 12],
  pause: [0, 0.3],
  "http-echo": [1, 4],
  "kube-proxy": [2, 18],
  coredns: [3, 16],
  "metrics-server": [4, 22],
  "kube-apiserver": [45, 260],
  "kube-controller-manager": [14, 55],
  "kube-scheduler": [7, 26],
  etcd: [18, 48],
};

export function idleUsage(image: CatalogImage | undefined): Usage {
  const name = image?.repository.slice(image.repository.lastIndexOf("/") + 1) ?? "";
  const [cpuMillis, mebibytes] = servers[name] ?? unknownServer;
  return { cpuMillis, memoryBytes: mebibytes * mebi };
}
