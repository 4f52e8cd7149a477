// What has been said of a CertificateSigningRequest.
import type { CertificateSigningRequest } from "../../../api/types.ts";

export function hasCondition({ status }: CertificateSigningRequest, wanted: string): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === wanted && is === "True") ?? false
  );
}
