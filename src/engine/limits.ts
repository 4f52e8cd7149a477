// Every tunable of the engine, with its unit and its source.
import { minute, second } from "../base/time.ts";

/** Trace events kept for the timeline. */
export const traceCapacity = 100_000;

/** How long a watch event takes from the store to a component's informer. Ours: kept small but visible. */
export const watchLatencyMs = 2;

/** How often a quiet watch is told how far it has come. apiserver cacher: defaultBookmarkFrequency */
export const bookmarkPeriodMs = 60_000;

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

/** How long one scheduling cycle takes on the cluster's clock. Ours: about what the real one needs. */
export const schedulingCycleMs = 2;
/** kube-scheduler: Pods wait at most this long in unschedulablePods. DefaultPodMaxInUnschedulablePodsDuration. */
export const maxInUnschedulableMs = 5 * minute;

/** Events live this long. kube-apiserver --event-ttl. */
export const eventTtlMs = 60 * minute;

/** History of the store that is kept: what fits the longer of the two, within the third. */
export const historyMs = 15 * minute;
export const historyRevisions = 100_000;
export const historyBytes = 512 * 1024 * 1024;

/** kubelet asks the container runtime for changes this often. Generic PLEG, genericPlegRelistPeriod. */
export const plegRelistMs = second;
/** kubelet syncs a Pod again this long after a failed sync, up to half as long more. pod_workers.go. */
export const podBackoffMs = 10 * second;
export const podBackoffJitter = 0.5;
/** kubelet: restarts and pulls of one container. MaxContainerBackOff, imageBackOffPeriod. */
export const containerBackoffBaseMs = 10 * second;
export const containerBackoffMaxMs = 5 * minute;
/** kubelet never gives a container less time to stop. minimumGracePeriodInSeconds. */
export const minimumGraceMs = 2 * second;
/** kubelet spreads its periodic reports: JitterUntil factor of lease and status loops. */
export const reportJitter = 0.04;
/** kubelet reports at most so many images of its node. nodeStatusMaxImages. */
export const nodeStatusMaxImages = 50;

/** What containerd, the CNI plugin and the volume manager need on an idle machine. Ours: typical values. */
export const volumeSetupMs = 300;
export const volumeTeardownMs = 300;
export const sandboxCreateMs = 400;
export const sandboxStopMs = 150;
export const containerCreateMs = 60;
export const containerStartMs = 80;
/** A registry's answer, and the rate at which layers are fetched and unpacked. Ours. */
export const registryLatencyMs = 350;
export const pullBytesPerMs = 60_000;
/** How long the network plugin needs once the node has its Pod range. Ours. */
export const networkPluginStartMs = 800;

/** Controllers' work queues: retries of all items together. client-go DefaultTypedControllerRateLimiter. */
export const queueOverallPerSecond = 10;
export const queueOverallBurst = 100;

/** Requests of a controller. kube-controller-manager --kube-api-qps, --kube-api-burst. */
export const writesPerSecond = 20;
export const writesPerSecondBurst = 30;

/** ReplicaSets create or delete at most so many Pods in one run. pkg/controller/replicaset BurstReplicas. */
export const burstReplicas = 500;
/** The first batch of creations; each next one is twice as large. pkg/controller SlowStartInitialBatchSize. */
export const slowStartInitialBatch = 1;
/** A controller waits so long to see its own writes. pkg/controller ExpectationsTimeout. */
export const expectationsTimeoutMs = 5 * minute;

/** Endpoints in one EndpointSlice. kube-controller-manager --max-endpoints-per-slice. */
export const endpointsPerSlice = 100;

/** The namespace controller waits so long after the deletion. namespaceDeletionGracePeriod. */
export const namespaceDeletionGraceMs = 5 * second;

/** Nodes tainted NoExecute per second and zone. kube-controller-manager --node-eviction-rate. */
export const nodeEvictionPerSecond = 0.1;
/** The same in a large zone that is partly down. --secondary-node-eviction-rate. */
export const secondaryNodeEvictionPerSecond = 0.01;
/** A zone with more nodes is large; a smaller one that is partly down is left alone. --large-cluster-size-threshold. */
export const largeZoneNodes = 50;
/** A zone is partly down from this part of unready nodes on. --unhealthy-zone-threshold. */
export const unhealthyZoneShare = 0.55;
/** Waiting nodes are tried this often. pkg/controller/nodelifecycle/scheduler NodeEvictionPeriod. */
export const nodeEvictionPeriodMs = 100;

/** Ended Pods that are kept. kube-controller-manager --terminated-pod-gc-threshold. */
export const terminatedPodThreshold = 12_500;
/** The Pod garbage collector looks this often. pkg/controller/podgc gcCheckPeriod. */
export const podGcPeriodMs = 20 * second;
/** Pods of a missing node are spared this long. pkg/controller/podgc quarantineTime. */
export const podGcQuarantineMs = 40 * second;

/** The Job controller waits so long for more news before it looks. pkg/controller/job syncJobBatchPeriod. */
export const jobBatchMs = second;
/** Syncs of a Job that failed. DefaultJobApiBackOff, MaxJobApiBackOff. */
export const jobRetryBaseMs = second;
export const jobRetryMaxMs = minute;
/** A Job's failed Pods are replaced so much later. DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff. */
export const jobPodBackoffBaseMs = 10 * second;
export const jobPodBackoffMaxMs = 10 * minute;
/** Ended Pods that a Job's status names at a time. MaxUncountedPods. */
export const maxUncountedPods = 500;
/** A Job creates or deletes at most so many Pods in one run. MaxPodCreateDeletePerSync. */
export const jobPodsPerSync = 500;

/** Quotas are counted anew this often. kube-controller-manager --resource-quota-sync-period. */
export const resourceQuotaSyncMs = 5 * minute;

/** DaemonSets create or delete at most so many Pods in one run. pkg/controller/daemon BurstReplicas. */
export const daemonBurst = 250;
/** A node's failed daemon Pods are replaced later and later. pkg/controller/daemon failedPodsBackoff. */
export const daemonBackoffBaseMs = second;
export const daemonBackoffMaxMs = 15 * minute;

/** A CronJob is looked at so long after its time, against skew. pkg/controller/cronjob nextScheduleDelta. */
export const cronNextDelayMs = 100;

/** How long a definition whose names are accepted takes to be in force, which is some 60 ms in a cluster. */
export const establishingDelayMs = 40;

/** An evicted Pod that is still there after this is counted again. pkg/controller/disruption DeletionTimeout. */
export const evictionTimeoutMs = 2 * minute;
/** A disruption that was announced and did not come is taken back. stalePodDisruptionTimeout. */
export const staleDisruptionMs = 2 * minute;
/** A budget confirms at most so many evictions at a time. pkg/registry/core/pod/storage MaxDisruptedPodSize. */
export const maxDisruptedPods = 2_000;

/** metrics-server asks the kubelets this often. --metric-resolution in its components.yaml. */
export const metricsResolutionMs = 15 * second;

/** An autoscaler is looked at this often. kube-controller-manager --horizontal-pod-autoscaler-sync-period. */
export const autoscalerSyncMs = 15 * second;

/** How long a packet takes between two machines, and to what is outside of the cluster. Ours. */
export const betweenMachinesMs = 1;
export const toWorldMs = 5;
/** A connection that gets no answer is tried again this long after its start. Linux: tcp_syn_retries 6. */
export const connectRetriesMs = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000];
/** Then Linux gives it up. */
export const connectTimeoutMs = 127 * second;
/** A machine on the link that does not answer is known to be away after this. Linux: three ARP requests. */
export const noRouteAfterMs = 3 * second;
/** kube-apiserver gives a connection to a Pod or kubelet up after this. net/http DefaultTransport. */
export const apiServerDialTimeoutMs = 30 * second;

/** kubelet looks at its machine's resources this often. pkg/kubelet/kubelet.go evictionMonitoringPeriod. */
export const evictionMonitorMs = 10 * second;
/** A pressure condition stays this long. KubeletConfiguration evictionPressureTransitionPeriod. */
export const evictionTransitionMs = 5 * minute;
/** What an evicted Pod has to stop. pkg/kubelet/eviction immediateEvictionGracePeriodSeconds. */
export const evictionGraceMs = second;
/** How long containerd waits for a registry that does not answer: its resolver's dial timeout. */
export const registryTimeoutMs = 30 * second;
/** What is sent again after a loss is sent this much later, and twice as late each time. Linux: TCP_RTO_MIN. */
export const retransmitMs = 200;
