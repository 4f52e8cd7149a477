// Which node a user is. Source: pkg/auth/nodeidentifier/default.go, 1.34.
import type { UserInfo } from "../../../../api/user.ts";

const prefix = "system:node:";

/** @returns the node's name, "" for a node without one, undefined for everyone else */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(prefix) || !groups.includes("system:nodes")) return undefined;
  return name.slice(prefix.length);
}
