// One row of the tree as plain data, and the few colours that rows are drawn in.
import type { CommandId } from "./commandIds.ts";

export interface TreeRow {
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  readonly collapsible: "none" | "collapsed" | "expanded";
  /** What `viewItem` is in package.json's menus. */
  readonly context: string;
  /** What a click does beside selecting the row; the element is its argument. */
  readonly onClick?: CommandId;
  /** What a screen reader says; the icon's meaning is in it. */
  readonly accessibleLabel: string;
}

/** A codicon and a theme colour. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** Theme colours: what they mean is said in words as well, in each row's description. */
export const good = "testing.iconPassed";
export const bad = "testing.iconFailed";
export const waiting = "list.warningForeground";
export const muted = "disabledForeground";
export const separator = " · ";

/** A row that a screen reader reads as it looks, unless told otherwise. */
export function row(
  label: string,
  { accessibleLabel, ...rest }: Omit<TreeRow, "label" | "accessibleLabel"> & Partial<TreeRow>,
): TreeRow {
  const spoken = [label, rest.description].filter((part) => part !== undefined).join(", ");
  return { label, ...rest, accessibleLabel: accessibleLabel ?? spoken };
}
