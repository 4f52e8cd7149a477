// Markdown from parts that users wrote: names, labels and messages cannot break out of their place.

export function heading(title: string): string {
  return `**${text(title)}**\n\n`;
}

export function line(content: string): string {
  return content === "" ? "" : `${content}\n\n`;
}

/** Plain text within Markdown. */
export function text(plain: string): string {
  return plain.replace(/[\\`*_{}[\]()<>#+!|~$]/g, "\\$&").replace(/\s+/g, " ");
}

export function code(plain: string): string {
  return `\`${plain.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** Name and value, one a line. Values are Markdown. */
export function list(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return "";
  return `${entries.map(([name, value]) => `- ${name}: ${value}`).join("\n")}\n\n`;
}

/** Cells are Markdown; nothing if there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n\n`;
}
