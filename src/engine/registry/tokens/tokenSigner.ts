// The key that the cluster's tokens are signed with: a port, for keys are the platform's business.

export interface TokenSigner {
  /** RFC 7518: "RS256". */
  readonly algorithm: string;
  readonly keyId: string;
  /** The public key as RFC 7517 has it, without `kid`, `alg` and `use`; absent if there is none. */
  readonly publicKey?: Readonly<Record<string, string>>;
  /** @returns the signature of an ASCII text */
  sign(text: string): Uint8Array;
  verify(text: string, signature: Uint8Array): boolean;
}
