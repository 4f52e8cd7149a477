// Who a container's processes run as, and whether the kubelet lets them.
// Source: pkg/kubelet/kuberuntime/security_context.go, kubernetes v1.34; containerd internal/cri/opts.
import type { Container, Pod } from "../../api/types.ts";
import { podText } from "./podView.ts";
import type { FileSystem } from "./process/fileSystem.ts";
import type { User } from "./process/process.ts";

/** The security context that counts: the container's, then the Pod's. */
function contextOf({ spec }: Pod, { securityContext: own }: Container) {
  const shared = spec.securityContext;
  return {
    user: own?.runAsUser ?? shared?.runAsUser,
    group: own?.runAsGroup ?? shared?.runAsGroup,
    isNonRoot: own?.runAsNonRoot ?? shared?.runAsNonRoot ?? false,
  };
}

/** Why the container may not run as who it would be; undefined if it may. */
export function rootRefusal(pod: Pod, container: Container, imageUser: string): string | undefined {
  const { user, isNonRoot } = contextOf(pod, container);
  if (!isNonRoot) return undefined;
  const where = `(pod: "${podText(pod)}", container: ${container.name})`;
  if (user !== undefined)
    return user === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  const [name = ""] = imageUser.split(":");
  if (name === "" || name === "0")
    return `container has runAsNonRoot and image will run as root ${where}`;
  return /^\d+$/.test(name)
    ? undefined
    : `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root ${where}`;
}

/** @param files undefined where the image says everything by numbers */
export function userOf(
  pod: Pod,
  container: Container,
  imageUser: string,
  files: () => FileSystem,
): User {
  const { user, group } = contextOf(pod, container);
  const [name = "", groupName = ""] = imageUser.split(":");
  const asked = user === undefined ? name || "0" : String(user);
  const entry = /^\d+$/.test(asked) && asked === "0" ? undefined : passwdEntry(asked, files);
  const uid = /^\d+$/.test(asked) ? Number(asked) : (entry?.uid ?? 0);
  const own = user === undefined && /^\d+$/.test(groupName) ? Number(groupName) : entry?.gid;
  const gid = group ?? own ?? 0;
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const groups = [gid, ...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  return { uid, gid, groups: [...new Set(groups)] };
}

/** A line of /etc/passwd, by name or number. */
function passwdEntry(asked: string, files: () => FileSystem) {
  const view = files();
  if (!view.exists("/etc/passwd")) return undefined;
  for (const line of view.readText("/etc/passwd").split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name === asked || uid === asked) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** The home of a user, for $HOME. Source: containerd oci.WithUser, runc's init. */
export function homeOf(uid: number, files: () => FileSystem): string {
  if (uid === 0) return "/root";
  const view = files();
  const lines = view.exists("/etc/passwd") ? view.readText("/etc/passwd").split("\n") : [];
  return lines.map((line) => line.split(":")).find(([, , id]) => id === String(uid))?.[5] ?? "/";
}
