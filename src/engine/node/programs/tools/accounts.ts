// Users and groups by /etc/passwd and /etc/group.
import { FileError } from "../../process/fileError.ts";
import { splitLines, type Tool } from "./tool.ts";

function rows(tool: Tool, file: string): readonly (readonly string[])[] {
  try {
    return splitLines(tool.files.readText(file)).map((line) => line.split(":"));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function idIn(tool: Tool, file: string, name: string): number | undefined {
  const id = rows(tool, file).find(([own]) => own === name)?.[2] ?? name;
  return /^\d+$/.test(id) ? Number(id) : undefined;
}

function nameIn(tool: Tool, file: string, id: number): string | undefined {
  return rows(tool, file).find(([, , own]) => own === String(id))?.[0];
}

/** @returns undefined for a name that nobody has */
export function userId(tool: Tool, name: string): number | undefined {
  return idIn(tool, "/etc/passwd", name);
}

export function groupId(tool: Tool, name: string): number | undefined {
  return idIn(tool, "/etc/group", name);
}

export function userName(tool: Tool, uid: number): string | undefined {
  return nameIn(tool, "/etc/passwd", uid) ?? (uid === 0 ? "root" : undefined);
}

export function groupName(tool: Tool, gid: number): string | undefined {
  return nameIn(tool, "/etc/group", gid) ?? (gid === 0 ? "root" : undefined);
}
