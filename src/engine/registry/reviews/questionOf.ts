// The review that a request asks for. Answers say who manages its fields, though nobody keeps them.
import type { KubeObject } from "../../../api/object.ts";
import type { Draft } from "../../../base/draft.ts";
import type { Call, ServerParts } from "../call.ts";

/** @throws ApiError BadRequest */
export function questionOf(call: Call, server: ServerParts): Draft<KubeObject> {
  const sent: Draft<KubeObject> & { readonly spec?: object } = server.decode(call);
  // Go's struct has a spec, whether one was sent or not.
  const question = { ...sent, spec: sent.spec ?? {} };
  server.fields.track({ kind: call.kind }, undefined, question, call.scope.manager ?? "");
  return question;
}
