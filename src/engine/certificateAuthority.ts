// Who signs certificates for the cluster: a port, for keys are the platform's business.
import type { Instant } from "../base/time.ts";

export interface CertificateAuthority {
  /** Its name as DER: what it signs says that it did. */
  readonly subject: Uint8Array;
  readonly notAfter: Instant;
  /** The AlgorithmIdentifier of its signatures as DER. */
  readonly signatureAlgorithm: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
  /** By the clock that clients check certificates against. */
  now(): Instant;
}
