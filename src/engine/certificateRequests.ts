// Who makes requests for certificates: a port, for keys are the platform's business.

export interface CertificateSubject {
  readonly commonName: string;
  readonly organization: string;
}

/** @returns the request as PEM, for a new key */
export type CertificateRequests = (subject: CertificateSubject) => string;
