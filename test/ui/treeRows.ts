// Rows of a tree as they are drawn.
import type { Locator } from "playwright-core";

/** What one row of a tree shows. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 at the top of the tree. */
  readonly level: number;
  /** Undefined for a row without children. */
  readonly expanded: boolean | undefined;
}

/** The rows below `body` that are in sight, from the top. */
export function visibleRows(body: Locator): Promise<readonly TreeRow[]> {
  return body.locator(".monaco-list-row[aria-level]").evaluateAll((elements) =>
    elements
      .map((row) => ({
        top: row.getBoundingClientRect().top,
        label: row.querySelector(".label-name")?.textContent ?? "",
        description: row.querySelector(".label-description")?.textContent ?? "",
        level: Number(row.getAttribute("aria-level")),
        expanded: row.hasAttribute("aria-expanded")
          ? row.getAttribute("aria-expanded") === "true"
          : undefined,
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ top: _top, ...row }) => row),
  );
}

/** What stands beside a row's label. */
export function rowDescription(row: Locator): Promise<string> {
  return textOf(row.locator(".label-description"));
}

/** The text of all that a locator finds, as it is drawn. */
export async function textOf(found: Locator): Promise<string> {
  return (await found.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
}

/** The row with exactly this label, or one that matches. */
export function rowLocator(body: Locator, label: string | RegExp): Locator {
  const pattern = typeof label === "string" ? new RegExp(`^${literally(label)}$`) : label;
  const name = body.page().locator(".label-name", { hasText: pattern });
  return body.locator(".monaco-list-row[aria-level]", { has: name }).first();
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
