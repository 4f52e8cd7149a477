// `>`, `<`, `2>&1`, here-documents: the streams that a command gets.
// Source: POSIX, Shell Command Language, 2.7.
import type { Redirect, Redirection } from "unbash";
import { utf8Bytes } from "../../../../base/utf8.ts";
import { sourceOf } from "../../process/byteStream.ts";
import { FileError } from "../../process/fileError.ts";
import type { Steps } from "../../steps.ts";
import { BufferedSource } from "../bufferedSource.ts";
import { ShellError } from "./control.ts";
import { redirectionStatus, words } from "./dialect.ts";
import { expandHereDocument, expandText } from "./expansion.ts";
import type { Shell } from "./shell.ts";
import type { Stream, Streams } from "./streams.ts";

/**
 * The shell's streams as `redirects` change them, from left to right.
 * @throws ShellError what cannot be opened, in the shell's words
 */
export function* redirected(shell: Shell, redirects: readonly Redirection[]): Steps<Streams> {
  const streams = new Map(shell.streams);
  for (const redirect of redirects) {
    const { descriptor } = redirect;
    const given = descriptor?.type === "FileDescriptor" ? descriptor.value : undefined;
    if (redirect.type === "HereDoc")
      streams.set(given ?? 0, textStream(yield* expandHereDocument(shell, redirect)));
    else if (redirect.type === "HereString") {
      const text = redirect.target ? yield* expandText(shell, redirect.target) : "";
      streams.set(given ?? 0, textStream(`${text}\n`));
    } else yield* redirectOne(shell, streams, redirect, given);
  }
  return streams;
}

function* redirectOne(
  shell: Shell,
  streams: Map<number, Stream>,
  { operator, target }: Redirect,
  given: number | undefined,
): Steps {
  const name = target ? yield* expandText(shell, target) : "";
  const isInput = operator.startsWith("<");
  const descriptor = given ?? (isInput ? 0 : 1);
  if (operator === "<&" || (operator === ">&" && /^(?:\d+|-)$/.test(name)))
    return duplicate(shell, streams, descriptor, name);
  if (operator === ">&" && shell.dialect !== "bash") throw failure(shell, `bad fd number`);
  if (isInput && operator === "<") {
    streams.set(descriptor, openInput(shell, streams, name));
    return;
  }
  const isAppending = operator === ">>" || operator === "&>>";
  const exclusive = operator === ">" && shell.options.has("noclobber");
  const stream = openOutput(shell, streams, name, { append: isAppending || isInput, exclusive });
  streams.set(descriptor, isInput ? { ...stream, ...openInput(shell, streams, name) } : stream);
  if (operator.startsWith("&") || operator === ">&") streams.set(2, stream);
}

function duplicate(
  shell: Shell,
  streams: Map<number, Stream>,
  descriptor: number,
  name: string,
): void {
  if (name === "-") {
    streams.delete(descriptor);
    return;
  }
  const stream = streams.get(Number(name));
  if (!stream)
    throw failure(shell, `${name}: ${shell.dialect === "ash" ? "bad" : "Bad"} file descriptor`);
  streams.set(descriptor, stream);
}

function openInput(shell: Shell, streams: Streams, name: string): Stream {
  const open = ownStream(streams, name);
  if (open?.source) return open;
  try {
    return { source: new BufferedSource(shell.process.files.source(shell.path(name))) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw failure(shell, words.cannotOpen(shell.dialect, name, error.message));
  }
}

function openOutput(
  shell: Shell,
  streams: Streams,
  name: string,
  { append, exclusive }: { append: boolean; exclusive: boolean },
): Stream {
  const open = ownStream(streams, name);
  if (open?.sink) return open;
  const { files } = shell.process;
  const path = shell.path(name);
  try {
    if (exclusive && files.stats(path)?.kind === "file") throw new FileError("EEXIST", path);
    return { sink: files.sink(path, { append }) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw failure(shell, words.cannotCreate(shell.dialect, name, error.message));
  }
}

const numbered = /^(?:\/dev|\/proc\/self)\/fd\/(\d+)$/;
const named: Readonly<Record<string, number>> = {
  "/dev/stdin": 0,
  "/dev/stdout": 1,
  "/dev/stderr": 2,
};

/** One of the shell's own streams by its path. */
function ownStream(streams: Streams, path: string): Stream | undefined {
  const number = named[path] ?? Number(numbered.exec(path)?.[1] ?? Number.NaN);
  return streams.get(number);
}

function failure(shell: Shell, message: string): ShellError {
  return new ShellError(message, redirectionStatus(shell.dialect));
}

function textStream(text: string): Stream {
  return { source: new BufferedSource(sourceOf(utf8Bytes(text))) };
}
