// certificatesigningrequest-cleaner-controller: removes requests that nobody needs any more.
// Source: pkg/controller/certificates/cleaner/cleaner.go, kubernetes v1.34.
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import { keyOf } from "../../../api/object.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import { hour, type Instant, parseTime } from "../../../base/time.ts";
import type { ControllerFactory } from "../controller.ts";

const periodMs = hour;
const approvedMs = hour;
const deniedMs = hour;
const pendingMs = 24 * hour;

export const certificateCleaner: ControllerFactory = () => ({
  name: "certificatesigningrequest-cleaner-controller",
  account: "certificate-controller",
  triggers: [],
  reads: [CertificateSigningRequest],
  periodMs,
  reconcile(_key, { cache, client, now }) {
    for (const request of cache(CertificateSigningRequest).list())
      if (isDone(request, now())) client.delete(CertificateSigningRequest, keyOf(request));
    return undefined;
  },
});

function isDone({ metadata, status }: RequestObject, now: Instant): boolean {
  const { conditions = [], certificate } = status ?? {};
  const isOlder = (time: string | undefined, age: number): boolean => {
    const instant = parseTime(time ?? "");
    return instant !== undefined && now - instant > age;
  };
  if (conditions.length === 0) return isOlder(metadata.creationTimestamp, pendingMs);
  return conditions.some(
    ({ type, lastUpdateTime }) =>
      (type === "Denied" && isOlder(lastUpdateTime, deniedMs)) ||
      (type === "Approved" && certificate !== undefined && isOlder(lastUpdateTime, approvedMs)),
  );
}
