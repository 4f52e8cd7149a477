// agnhost mounttest: says of files in volumes what tests want to know. The order of the flags' work is
// its own. Source: test/images/agnhost/mounttest.
import { type Millis, second } from "../../../../base/time.ts";
import { FileError } from "../../process/fileError.ts";
import type { FileStat } from "../../process/fileSystem.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import { pause, type Steps } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";

const newText = "mount-tester new file\n";
const defaultRetrySeconds = 180;
/** statfs(2) of what is no tmpfs: EXT2_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC. */
const fileSystemNumbers: Readonly<Record<string, number>> = {
  ext4: 61_267,
  overlay: 2_035_054_128,
};

export const mounttest: Executable = function* (process) {
  const flags = flagsOf(process.argv.slice(2));
  const tester = new MountTester(process);
  process.files.umask = 0;
  const each = (name: string, act: (path: string) => void): void => {
    const path = flags.values.get(name);
    if (path !== undefined && path !== "") tester.attempt(path, act);
  };
  each("fs_type", (path) => tester.fileSystemType(path));
  each("rw_new_file", (path) => tester.makeFile(path, 0o644));
  each("new_file_0644", (path) => tester.makeFile(path, 0o644));
  each("new_file_0666", (path) => tester.makeFile(path, 0o666));
  each("new_file_0660", (path) => tester.makeFile(path, 0o660));
  each("new_file_0777", (path) => tester.makeFile(path, 0o777));
  each("file_mode", (path) => tester.mode(path, "mode"));
  each("file_perm", (path) => tester.mode(path, "perms"));
  each("file_owner", (path) => tester.owner(path));
  each("file_content", (path) => tester.content(path));
  const watched = flags.values.get("file_content_in_loop");
  if (watched)
    yield* tester.watch(watched, {
      span: numberFlag(flags, "retry_time", defaultRetrySeconds) * second,
      stops: flags.values.get("break_on_expected_content") !== "false",
    });
  return tester.hasFailed ? 1 : 0;
};

class MountTester {
  hasFailed = false;

  constructor(private readonly process: ProcessContext) {}

  attempt(path: string, act: (path: string) => void): void {
    try {
      act(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.hasFailed = true;
      this.say(`error accessing ${quoted(path)}: ${goError("open", error)}`);
    }
  }

  fileSystemType(path: string): void {
    const type = this.process.files.mountOf(path)?.tree.type ?? "";
    this.say(`mount type of ${quoted(path)}: ${fileSystemNumbers[type] ?? type}`);
  }

  makeFile(path: string, mode: number): void {
    this.process.files.write(path, newText, { mode });
    this.content(path);
  }

  mode(path: string, what: "mode" | "perms"): void {
    const stat = this.process.files.stat(path);
    const text =
      what === "mode" ? goMode(stat) : goMode({ ...stat, kind: "file", mode: stat.mode & 0o777 });
    this.say(`${what} of file ${quoted(path)}: ${text}`);
  }

  owner(path: string): void {
    const { uid, gid } = this.process.files.stat(path);
    this.say(`owner UID of ${quoted(path)}: ${uid}`);
    this.say(`owner GID of ${quoted(path)}: ${gid}`);
  }

  content(path: string): void {
    this.say(`content of file ${quoted(path)}: ${this.process.files.readText(path)}`);
  }

  *watch(path: string, { span, stops }: { span: Millis; stops: boolean }): Steps {
    for (const end = this.process.now() + span; this.process.now() < end; ) {
      try {
        this.content(path);
        if (stops && this.process.files.readText(path) === newText) return;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        this.say(`Error reading file ${path}: ${goError("open", error)}, retrying`);
      }
      yield pause(second, "looks again");
    }
  }

  private say(text: string): void {
    this.process.stdout.write(`${text}\n`);
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function goError(call: string, { path, message }: FileError): string {
  return `${call} ${path}: ${message.toLowerCase()}`;
}

/** As Go prints a FileMode: "-rw-r--r--", "dtrwxrwxrwx". */
function goMode({ kind, mode }: Pick<FileStat, "kind" | "mode">): string {
  const flags = [
    kind === "directory" ? "d" : "",
    kind === "symlink" ? "L" : "",
    kind === "device" ? "Dc" : "",
    mode & 0o4000 ? "u" : "",
    mode & 0o2000 ? "g" : "",
    mode & 0o1000 ? "t" : "",
  ].join("");
  const bits = Array.from({ length: 9 }, (_, i) => ((mode >> (8 - i)) & 1 ? "rwx"[i % 3] : "-"));
  return `${flags === "" ? "-" : flags}${bits.join("")}`;
}
