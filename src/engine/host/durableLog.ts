// What makes the engine's writes durable, as the host sees it.

export interface DurableLog {
  /** Makes what was written so far durable. @throws StorageRefused if that cannot be done now */
  commit(): void;
  close(): void;
}

/** Nothing can be stored now, e.g. because the disk is full. What was to be stored waits. */
export class StorageRefused extends Error {}
