// What goes wrong with files, by POSIX's names, with the words of the C library (glibc and musl agree
// on these), so that programs can print what the real ones print.

const words = {
  EACCES: "Permission denied",
  EBUSY: "Resource busy",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  EXDEV: "Cross-device link",
} as const;

export type FileErrorCode = keyof typeof words;

export class FileError extends Error {
  override readonly name = "FileError";

  /** @param path as it was asked for; "" for what has none */
  constructor(
    readonly code: FileErrorCode,
    readonly path = "",
  ) {
    super(words[code]);
  }
}
