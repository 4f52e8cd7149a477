import assert from "node:assert/strict";
import { noInput, noOutput } from "../../../../src/engine/node/process/byteStream.ts";
import { FileError } from "../../../../src/engine/node/process/fileError.ts";
import {
  directory,
  regularFile,
  shared,
  symbolicLink,
} from "../../../../src/engine/node/process/fileNode.ts";
import { FileSystem } from "../../../../src/engine/node/process/fileSystem.ts";
import { FileTree, Mounts } from "../../../../src/engine/node/process/mounts.ts";

const root = { uid: 0, gid: 0, groups: [] };
const nobody = { uid: 1000, gid: 1000, groups: [2000] };
const streams = { stdin: noInput, stdout: noOutput, stderr: noOutput };

const image = shared(
  directory([
    [
      "etc",
      directory([
        ["passwd", regularFile("root:x:0:0")],
        ["shadow", regularFile("secret", { mode: 0o600 })],
        ["config", directory()],
      ]),
    ],
    ["tmp", directory([], { mode: 0o1777 })],
    ["bin", symbolicLink("usr/bin")],
    ["usr", directory([["bin", directory([["tool", regularFile("#!/bin/sh\n")]])]])],
    ["loop", symbolicLink("/loop")],
  ]),
);

function container(volume = new FileTree(directory(), "tmpfs", () => 5)): FileSystem {
  const layers = new FileTree(image, "overlay", () => 7);
  const config = directory([["key", regularFile("value")]]);
  return new FileSystem(
    new Mounts([
      { path: "/", tree: layers },
      { path: "/etc/config", tree: new FileTree(config, "ext4", () => 0), isReadOnly: true },
      { path: "/tmp", tree: volume },
    ]),
    root,
  );
}

describe("a container's file system", () => {
  describe("says what POSIX says", () => {
    for (const [claim, act, code] of [
      ["what is not there", (files) => files.read("/none"), "ENOENT"],
      ["a file taken for a directory", (files) => files.read("/etc/passwd/x"), "ENOTDIR"],
      ["a directory taken for a file", (files) => files.read("/etc"), "EISDIR"],
      ["writing a directory", (files) => files.write("/etc", ""), "EISDIR"],
      ["a loop of links", (files) => files.read("/loop"), "ELOOP"],
      ["a directory that is there", (files) => files.makeDirectory("/etc"), "EEXIST"],
      ["a parent that is not", (files) => files.makeDirectory("/a/b"), "ENOENT"],
      ["what is not empty", (files) => files.removeDirectory("/etc"), "ENOTEMPTY"],
      ["unlinking a directory", (files) => files.unlink("/etc"), "EISDIR"],
      ["a read-only volume", (files) => files.write("/etc/config/key", "x"), "EROFS"],
      ["a new file there", (files) => files.write("/etc/config/new", "x"), "EROFS"],
      ["a mount point", (files) => files.removeAll("/tmp"), "EBUSY"],
      ["another volume", (files) => files.rename("/etc/passwd", "/tmp/passwd"), "EXDEV"],
      ["no link", (files) => files.readLink("/etc"), "EINVAL"],
    ] as readonly [string, (files: FileSystem) => unknown, string][])
      it(`${claim}: ${code}`, () => {
        const files = container();
        assert.throws(
          () => act(files),
          (error) => error instanceof FileError && error.code === code,
        );
      });
  });

  it("is written to without anybody else seeing it: the image is shared", () => {
    const [one, two] = [container(), container()];
    one.write("/etc/passwd", "mine");
    one.unlink("/etc/shadow");
    one.makeDirectories("/usr/share/doc");
    assert.equal(one.readText("/etc/passwd"), "mine");
    assert.deepEqual(one.list("/etc"), ["passwd", "config"]);
    assert.equal(two.readText("/etc/passwd"), "root:x:0:0");
    assert.deepEqual(two.list("/etc"), ["passwd", "shadow", "config"]);
    assert.equal(two.exists("/usr/share"), false);
  });

  it("shares volumes between containers", () => {
    const volume = new FileTree(directory(), "tmpfs", () => 5);
    const [one, two] = [container(volume), container(volume)];
    one.write("/tmp/note", "from one");
    assert.equal(two.readText("/tmp/note"), "from one");
    assert.equal(two.stat("/tmp/note").modifiedAt, 5);
  });

  it("follows links, relative, absolute and in the middle of a path", () => {
    const files = container();
    files.symlink("/etc/config", "/tmp/link");
    files.symlink("link/key", "/tmp/deeper");
    assert.equal(files.readText("/tmp/deeper"), "value");
    assert.equal(files.realPath("/tmp/deeper"), "/etc/config/key");
    assert.equal(files.realPath("/bin/../bin/tool"), "/usr/bin/tool");
    assert.equal(files.linkStat("/bin").kind, "symlink");
  });

  it("appends, truncates and renames", () => {
    const files = container();
    files.write("/tmp/log", "one\n");
    files.write("/tmp/log", "two\n", { append: true });
    assert.equal(files.readText("/tmp/log"), "one\ntwo\n");
    files.rename("/tmp/log", "/tmp/old");
    assert.deepEqual(files.list("/tmp"), ["old"]);
    files.truncate("/tmp/old", 3);
    assert.equal(files.stat("/tmp/old").size, 3);
  });

  describe("lets users do what modes allow", () => {
    for (const [claim, act, code] of [
      ["reads what all may read", (files) => files.read("/etc/passwd"), undefined],
      ["not what only root may", (files) => files.read("/etc/shadow"), "EACCES"],
      ["makes no file in root's directory", (files) => files.write("/etc/x", ""), "EACCES"],
      ["makes files where all may", (files) => files.write("/tmp/mine", ""), undefined],
      ["executes no file without the bit", (files) => files.programAt("/etc/passwd"), "EACCES"],
      ["changes no mode of others", (files) => files.changeMode("/etc/passwd", 0o777), "EPERM"],
      ["writes what its group may", (files) => files.write("/tmp/group", "x"), undefined],
      ["removes nobody's file from a sticky place", (files) => files.unlink("/tmp/group"), "EPERM"],
    ] as readonly [string, (files: FileSystem) => unknown, string | undefined][])
      it(claim, () => {
        const files = container(new FileTree(directory([], { mode: 0o1777 }), "tmpfs", () => 0));
        files.write("/tmp/group", "");
        files.changeOwner("/tmp/group", { gid: 2000 });
        files.changeMode("/tmp/group", 0o664);
        const mine = files.as(nobody, streams);
        if (code === undefined) act(mine);
        else
          assert.throws(
            () => act(mine),
            (error) => error instanceof FileError && error.code === code,
          );
      });
  });

  it("gives new files the group of a set-gid directory, as fsGroup has it", () => {
    const volume = directory([], { mode: 0o2777, gid: 2000 });
    const files = container(new FileTree(volume, "tmpfs", () => 0)).as(nobody, streams);
    files.write("/tmp/file", "");
    assert.deepEqual(
      [files.stat("/tmp/file").uid, files.stat("/tmp/file").gid, files.stat("/tmp/file").mode],
      [1000, 2000, 0o644],
    );
  });
});
