// How much of its machine something uses at a moment.

export interface Usage {
  /** Thousandths of a core. */
  readonly cpuMillis: number;
  /** The working set, in bytes. */
  readonly memoryBytes: number;
}

/** kubelet, containerd and the kernel. */
export const nodeOverhead: Usage = { cpuMillis: 38, memoryBytes: 390 * 2 ** 20 };

export const noUsage: Usage = { cpuMillis: 0, memoryBytes: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
  };
}

/** What a cgroup with these limits lets a process have: it is throttled, and its caches are reclaimed. */
export function withinLimits(usage: Usage, limits: Partial<Usage>): Usage {
  return {
    cpuMillis: Math.min(usage.cpuMillis, limits.cpuMillis ?? Number.POSITIVE_INFINITY),
    memoryBytes: Math.min(usage.memoryBytes, limits.memoryBytes ?? Number.POSITIVE_INFINITY),
  };
}
