// What a deployment or a deletion came to, in a sentence. Pure.
import { l10n } from "../base/localize.ts";

export interface DeployTally {
  readonly created: number;
  readonly configured: number;
  readonly unchanged: number;
  readonly failed: number;
}

export interface DeleteTally {
  readonly deleted: number;
  readonly notFound: number;
  readonly failed: number;
}

/** "Deployed 3 objects: 2 created, 1 unchanged." */
export function deployText(tally: DeployTally): string {
  const { created, configured, unchanged, failed } = tally;
  const parts = [
    created > 0 && l10n.t("{0} created", created),
    configured > 0 && l10n.t("{0} configured", configured),
    unchanged > 0 && l10n.t("{0} unchanged", unchanged),
    failed > 0 && l10n.t("{0} failed", failed),
  ];
  const done = created + configured + unchanged;
  if (done === 0 && failed > 0)
    return failed === 1
      ? l10n.t("Nothing was deployed: 1 object failed.")
      : l10n.t("Nothing was deployed: {0} objects failed.", failed);
  return done === 1
    ? l10n.t("Deployed 1 object: {0}.", listed(parts))
    : l10n.t("Deployed {0} objects: {1}.", done, listed(parts));
}

/** "Deleted 2 objects, 1 not found." */
export function deleteText({ deleted, notFound, failed }: DeleteTally): string {
  const first = deleted === 1 ? l10n.t("Deleted 1 object") : l10n.t("Deleted {0} objects", deleted);
  const parts = [
    first,
    notFound > 0 && l10n.t("{0} not found", notFound),
    failed > 0 && l10n.t("{0} failed", failed),
  ];
  return `${listed(parts)}.`;
}

/** Of the failures a notification holds one, and no more of it than one reads there. */
const longestFailure = 240;

/** The summary with the first failure, in the server's words; the others are in the log. */
export function summaryText(summary: string, failures: readonly string[]): string {
  const [first] = failures;
  if (first === undefined) return summary;
  const short = first.length > longestFailure ? `${first.slice(0, longestFailure)}…` : first;
  return `${summary} ${short}`;
}

export function tally<Outcome extends string>(
  results: readonly { readonly outcome: Outcome }[],
  outcome: Outcome,
): number {
  return results.filter((result) => result.outcome === outcome).length;
}

function listed(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(", ");
}
