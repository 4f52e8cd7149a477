// token-cleaner-controller: deletes tokens for joining whose time is over.
// Source: pkg/controller/bootstrap/tokencleaner.go, kubernetes v1.34.

import { readTokenSecret, tokenNamespace } from "../../../api/bootstrapToken.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import { keyOf } from "../../../api/object.ts";
import { type ControllerFactory, trigger } from "../controller.ts";

export const tokenCleaner: ControllerFactory = () => ({
  name: "token-cleaner-controller",
  account: "token-cleaner",
  triggers: [
    trigger(Secret, ({ now }) =>
      now?.metadata.namespace === tokenNamespace && readTokenSecret(now) ? [keyOf(now)] : [],
    ),
  ],
  reconcile(key, { cache, client, now }) {
    const secret = cache(Secret).get(key);
    const expiration = secret && readTokenSecret(secret)?.expiration;
    if (expiration === undefined) return undefined;
    const left = expiration - now();
    if (left > 0) return { retryAfterMs: left };
    const { uid } = secret?.metadata ?? {};
    client.delete(Secret, key, uid === undefined ? {} : { preconditions: { uid } });
    return undefined;
  },
});
