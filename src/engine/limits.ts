// Every tunable of the engine, with its unit and its source.
import { minute, second } from "../base/time.ts";

/** Trace events kept for the timeline. */
export const traceCapacity = 100_000;

/** How long a watch event takes from the store to a component's informer. Ours: kept small but visible. */
export const watchLatencyMs = 2;

/** kubelet: nodeLeaseDurationSeconds. KubeletConfiguration v1beta1 default. */
export const leaseDurationSeconds = 40;
/** kubelet renews its Lease at a quarter of its duration. pkg/kubelet nodeLeaseRenewIntervalFraction 0.25. */
export const leaseRenewMs = 10 * second;
/** kubelet computes its node status this often. KubeletConfiguration nodeStatusUpdateFrequency. */
export const nodeStatusUpdateMs = 10 * second;
/** kubelet sends an unchanged node status this often. KubeletConfiguration nodeStatusReportFrequency. */
export const nodeStatusReportMs = 5 * minute;

/** kube-controller-manager --node-monitor-period. */
export const nodeMonitorPeriodMs = 5 * second;
/** kube-controller-manager --node-monitor-grace-period; 50 s since 1.32. */
export const nodeMonitorGraceMs = 50 * second;
/** kube-controller-manager --node-startup-grace-period. */
export const nodeStartupGraceMs = 60 * second;

/** Controllers' work queues: per-item back-off. client-go DefaultTypedControllerRateLimiter. */
export const queueBackoffBaseMs = 5;
export const queueBackoffMaxMs = 1_000 * second;

/** kube-scheduler: podInitialBackoffSeconds and podMaxBackoffSeconds. */
export const podInitialBackoffMs = second;
export const podMaxBackoffMs = 10 * second;
/** kube-scheduler: Pods wait at most this long in unschedulablePods. DefaultPodMaxInUnschedulablePodsDuration. */
export const maxInUnschedulableMs = 5 * minute;

/** Events live this long. kube-apiserver --event-ttl. */
export const eventTtlMs = 60 * minute;

/** History of the store that is kept whatever happens. */
export const historyMs = 15 * minute;
export const historyRevisions = 100_000;
