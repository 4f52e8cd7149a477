// What is known of an image: which tags exist, how large they are, what they run and how that behaves.

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
}
