// The files that a Linux image has whatever it is for, with the tools of its user land.
import type { ByteSink, ByteSource } from "../process/byteStream.ts";
import {
  type Device,
  type Directory,
  directory,
  type FileNode,
  programFile,
  regularFile,
  type StandardStreams,
  symbolicLink,
} from "../process/fileNode.ts";
import type { Executable } from "../process/process.ts";

/** What an image is made of; "none": a program and nothing else. */
export type Userland = "busybox" | "debian" | "none";

/** A fresh tree, to be filled up and then shared. @param tools by name, for a user land's folder */
export function baseFiles(
  userland: Userland,
  tools: ReadonlyMap<string, Executable> = new Map(),
): Directory {
  const root = directory([
    ["dev", devices()],
    ["etc", settings(userland)],
    ["proc", procFiles()],
    ["sys", directory()],
    ["tmp", directory([], { mode: 0o1777 })],
    ["root", directory([], { mode: 0o700 })],
    ["home", directory()],
    ["run", directory()],
    [
      "usr",
      directory([
        ["bin", directory()],
        ["local", directory([["bin", directory()]])],
      ]),
    ],
    [
      "var",
      directory([
        ["lib", directory()],
        ["log", directory()],
        ["run", symbolicLink("/run")],
        ["tmp", directory([], { mode: 0o1777 })],
      ]),
    ],
  ]);
  if (userland === "none") return root;
  const folder = userland === "busybox" ? "/bin" : "/usr/bin";
  if (userland === "debian")
    for (const name of ["bin", "sbin", "lib"]) root.entries.set(name, symbolicLink(`usr/${name}`));
  for (const [name, program] of tools) putProgram(root, `${folder}/${name}`, program);
  if (userland === "busybox")
    for (const name of ["env", "head", "tail", "wc", "nslookup"])
      if (tools.has(name)) put(root, `/usr/bin/${name}`, symbolicLink(`/bin/${name}`));
  return root;
}

export function putProgram(root: Directory, path: string, program: Executable): void {
  put(root, path, programFile(program));
}

/** Puts a node into a tree that is not shared yet; directories are made. */
export function put(root: Directory, path: string, node: FileNode): void {
  const names = path.split("/").filter((name) => name !== "");
  const last = names.pop() ?? "";
  let folder = root;
  for (const name of names) {
    const next = folder.entries.get(name) ?? directory();
    folder.entries.set(name, next);
    if (next.kind !== "directory") {
      put(root, linked(next, names, last), node);
      return;
    }
    folder = next;
  }
  folder.entries.set(last, node);
}

/** Of the links that an image has, only those of its top are led along. */
function linked(link: FileNode, [, ...rest]: readonly string[], last: string): string {
  const target = link.kind === "symlink" ? link.target : "";
  return `/${[target, ...rest, last].join("/")}`;
}

function settings(userland: Userland): Directory {
  const release =
    userland === "debian"
      ? 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\n'
      : 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n';
  const accounts = [
    "root:x:0:0:root:/root:/bin/sh",
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
    "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
    "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
    "nginx:x:101:101:nginx user:/nonexistent:/bin/false",
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
  ];
  const groups = [
    "root:x:0:",
    "daemon:x:1:",
    "bin:x:2:",
    "www-data:x:33:",
    "nginx:x:101:",
    "nogroup:x:65534:",
  ];
  return directory([
    ["passwd", regularFile(accounts.map((line) => `${line}\n`).join(""))],
    ["group", regularFile(groups.map((line) => `${line}\n`).join(""))],
    ["os-release", regularFile(release)],
    ["ssl", directory([["certs", directory()]])],
  ]);
}

function devices(): Directory {
  return directory([
    ["null", device({})],
    ["zero", device({ read: () => endless(() => 0) })],
    ["full", device({ read: () => endless(() => 0) })],
    ["random", device({ read: () => endless(noise()) })],
    ["urandom", device({ read: () => endless(noise()) })],
    ["tty", device({ read: ({ stdin }) => stdin, write: ({ stdout }) => stdout })],
    ["stdin", device({ read: ({ stdin }) => stdin })],
    ["stdout", device({ write: ({ stdout }) => open(stdout) })],
    ["stderr", device({ write: ({ stderr }) => open(stderr) })],
    [
      "fd",
      directory([
        ["0", device({ read: ({ stdin }) => stdin })],
        ["1", device({ write: ({ stdout }) => open(stdout) })],
        ["2", device({ write: ({ stderr }) => open(stderr) })],
      ]),
    ],
    ["shm", directory([], { mode: 0o1777 })],
  ]);
}

/** Of the processes only PID 1's streams are there: what tutorials write to, to be seen in the log. */
function procFiles(): Directory {
  const streams = directory([
    ["1", device({ write: ({ main, stdout }) => open(main?.stdout ?? stdout) })],
    ["2", device({ write: ({ main, stderr }) => open(main?.stderr ?? stderr) })],
  ]);
  const self = directory([
    ["0", device({ read: ({ stdin }) => stdin })],
    ["1", device({ write: ({ stdout }) => open(stdout) })],
    ["2", device({ write: ({ stderr }) => open(stderr) })],
  ]);
  return directory([
    ["1", directory([["fd", streams]])],
    ["self", directory([["fd", self]])],
    ["version", regularFile("Linux version 6.8.0-79-generic (buildd@lcy02) #79-Ubuntu SMP\n")],
  ]);
}

function device(streams: {
  read?: (streams: StandardStreams) => ByteSource;
  write?: (streams: StandardStreams) => ByteSink;
}): Device {
  return { kind: "device", mode: 0o666, uid: 0, gid: 0, modifiedAt: 0, ...streams };
}

/** Another handle of the same stream: closing it does not close the stream. */
function open(sink: ByteSink): ByteSink {
  return { write: (data) => sink.write(data) };
}

const chunkBytes = 4_096;

function endless(next: () => number): ByteSource {
  return {
    // biome-ignore lint/correctness/useYield: there are always bytes
    *read() {
      return Uint8Array.from({ length: chunkBytes }, next);
    },
  };
}

/** Bytes without a pattern; the same ones each time a device is opened. */
function noise(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
}
