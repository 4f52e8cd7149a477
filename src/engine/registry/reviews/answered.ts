// How a review is answered: with the question, and what was found in its status.
import type { KubeObject } from "../../../api/object.ts";
import type { Draft } from "../../../base/draft.ts";

/** Metadata that the author left out stays out. */
export function answered(question: Draft<KubeObject>, parts: object): object {
  const { name, ...metadata } = question.metadata;
  const { apiVersion, kind } = question;
  return {
    kind,
    apiVersion,
    metadata: name === "" ? metadata : { name, ...metadata },
    ...parts,
  };
}
