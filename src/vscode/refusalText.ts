// Why a file cannot be deployed, in a sentence. Pure.

import { l10n } from "../base/localize.ts";
import type { Refusal } from "./deployPlan.ts";

export function refusalText(refusal: Refusal, name: string): string {
  switch (refusal) {
    case "empty":
      return l10n.t("{0} is empty: there is nothing to deploy.", name);
    case "notKubernetes":
      return l10n.t("{0} holds no Kubernetes objects: apiVersion and kind are missing.", name);
    case "helm":
      return l10n.t(
        "{0} is a Helm template. Render it with helm template first, then deploy the result.",
        name,
      );
    case "binary":
      return l10n.t("{0} is not a text file.", name);
    case "tooLarge":
      return l10n.t("{0} is too large: kube-apiserver reads 3 MB at most.", name);
  }
}
