// What an image says of the containers made from it. Source: OCI image specification, config.md.
import type { Directory } from "./process/fileNode.ts";
import type { Executable } from "./process/process.ts";
import type { Signal } from "./process/signals.ts";

export interface ImageConfig {
  /** Its layers: shared by all containers. */
  readonly files: Directory;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** As the image gives it: "0", "101", "nginx", "1000:1000". */
  readonly user: string;
  readonly stopSignal: Signal;
  /** Nobody knows what is in it: what runs is a stand-in. */
  readonly isUnknown?: true;
  /** Runs in place of a command that is not among the files, where these are not known in full. */
  readonly fallback?: Executable;
}
