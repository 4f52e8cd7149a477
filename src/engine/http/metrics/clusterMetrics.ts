// What the cluster's components say of themselves, under the names that the real ones use.
// Source: apiserver pkg/endpoints/metrics and pkg/storage/etcd3/metrics, kube-scheduler
// pkg/scheduler/metrics, client-go util/workqueue, etcd server metrics, 1.34 and etcd 3.6.
import type { ComponentStatuses } from "../../../api/clusterStatus.ts";
import { version } from "../version.ts";
import type { Labels, MetricFamily } from "./prometheus.ts";

/** A resource and how many objects of it are stored. */
export interface StoredCount {
  readonly group: string;
  /** "pods", "deployments.apps". */
  readonly resource: string;
  readonly plural: string;
  readonly count: number;
}

export function clusterMetrics(
  status: ComponentStatuses,
  stored: readonly StoredCount[],
): readonly MetricFamily[] {
  return [
    ...objectMetrics(stored),
    ...etcdMetrics(status),
    ...schedulerMetrics(status),
    ...queueMetrics(status),
    gauge(
      "kubernetes_build_info",
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [[buildLabels, 1]],
    ),
  ];
}

const buildLabels: Labels = {
  build_date: version.buildDate,
  compiler: version.compiler,
  git_commit: version.gitCommit,
  git_tree_state: version.gitTreeState,
  git_version: version.gitVersion,
  go_version: version.goVersion,
  major: version.major,
  minor: version.minor,
  platform: version.platform,
};

function objectMetrics(stored: readonly StoredCount[]): readonly MetricFamily[] {
  return [
    gauge(
      "apiserver_storage_objects",
      "[STABLE] [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
      stored.map(({ resource, count }) => [{ resource }, count]),
    ),
    gauge(
      "apiserver_resource_objects",
      "[ALPHA] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
      stored.map(({ group, plural, count }) => [{ group, resource: plural }, count]),
    ),
  ];
}

function etcdMetrics({ etcd }: ComponentStatuses): readonly MetricFamily[] {
  const leader = etcd.members.find(({ role }) => role === "leader");
  const size = etcd.size ?? 0;
  return [
    gauge(
      "apiserver_storage_size_bytes",
      "[STABLE] Size of the storage database file physically allocated in bytes.",
      [[{ storage_cluster_id: "etcd-0" }, size]],
    ),
    gauge(
      "etcd_mvcc_db_total_size_in_bytes",
      "Total size of the underlying database physically allocated in bytes.",
      [[{}, size]],
    ),
    gauge("etcd_debugging_mvcc_keys_total", "Total number of keys.", [[{}, etcd.keys]]),
    gauge("etcd_debugging_mvcc_current_revision", "The current revision of store.", [
      [{}, etcd.revision],
    ]),
    gauge("etcd_debugging_mvcc_compact_revision", "The revision of the last compaction in store.", [
      [{}, etcd.compactRevision],
    ]),
    gauge("etcd_server_has_leader", "Whether or not a leader exists. 1 is existence, 0 is not.", [
      [{}, leader ? 1 : 0],
    ]),
    gauge(
      "etcd_server_proposals_committed_total",
      "The total number of consensus proposals committed.",
      [[{}, leader?.raftIndex ?? 0]],
    ),
    gauge(
      "etcd_server_proposals_applied_total",
      "The total number of consensus proposals applied.",
      [[{}, leader?.appliedIndex ?? 0]],
    ),
  ];
}

function schedulerMetrics({ scheduler }: ComponentStatuses): readonly MetricFamily[] {
  const { active, backoff, gated, unschedulable, attempts, bound } = scheduler;
  const profile = "default-scheduler";
  return [
    gauge(
      "scheduler_pending_pods",
      "[STABLE] Number of pending pods, by the queue type. 'active' means number of pods in activeQ; 'backoff' means number of pods in backoffQ; 'unschedulable' means number of pods in unschedulablePods that the scheduler attempted to schedule and failed; 'gated' is the number of unschedulable pods that the scheduler never attempted to schedule because they are gated.",
      Object.entries({ active, backoff, gated, unschedulable }).map(([queue, count]) => [
        { queue },
        count,
      ]),
    ),
    {
      name: "scheduler_schedule_attempts_total",
      help: "[STABLE] Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.",
      type: "counter",
      samples: [
        { labels: { profile, result: "scheduled" }, value: bound },
        { labels: { profile, result: "unschedulable" }, value: Math.max(0, attempts - bound) },
      ],
    },
  ];
}

function queueMetrics({ controllers }: ComponentStatuses): readonly MetricFamily[] {
  return [
    gauge(
      "workqueue_depth",
      "[ALPHA] Current depth of workqueue",
      controllers.map(({ name, queued }) => [{ name }, queued]),
    ),
  ];
}

function gauge(
  name: string,
  help: string,
  values: readonly (readonly [Labels, number])[],
): MetricFamily {
  return {
    name,
    help,
    type: "gauge",
    samples: values.map(([labels, value]) => ({ labels, value })),
  };
}
