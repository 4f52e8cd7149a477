// What the tree Cluster shows, row by row, without drawing it.
import type { TreeDataProvider, TreeItem } from "vscode";

/** A row, and the element behind it that commands of its menu get. */
export interface OutlineRow<T> {
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly element: T;
}

/** The rows below `parent`, or the roots. */
export async function rowsBelow<T>(
  tree: TreeDataProvider<T>,
  parent?: T,
): Promise<readonly OutlineRow<T>[]> {
  const elements = (await tree.getChildren(parent)) ?? [];
  return Promise.all(
    elements.map(async (element) => {
      const { label, description, contextValue }: TreeItem = await tree.getTreeItem(element);
      return {
        label: typeof label === "string" ? label : (label?.label ?? ""),
        description: typeof description === "string" ? description : "",
        contextValue: contextValue ?? "",
        element,
      };
    }),
  );
}

/** The row at the end of a path of labels; undefined if the tree doesn't have it now. */
export async function rowAt<T>(
  tree: TreeDataProvider<T>,
  ...labels: readonly string[]
): Promise<OutlineRow<T> | undefined> {
  let row: OutlineRow<T> | undefined;
  for (const label of labels) {
    row = (await rowsBelow(tree, row?.element)).find((child) => child.label === label);
    if (!row) return undefined;
  }
  return row;
}

/** The labels below a path of labels, from the top. */
export async function labelsBelow<T>(
  tree: TreeDataProvider<T>,
  ...labels: readonly string[]
): Promise<readonly string[]> {
  const parent = await rowAt(tree, ...labels);
  if (labels.length > 0 && !parent) return [];
  return (await rowsBelow(tree, parent?.element)).map(({ label }) => label);
}
