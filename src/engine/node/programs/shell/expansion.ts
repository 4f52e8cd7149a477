// What a command gets for its words: parameters, commands and arithmetic expanded, split into fields,
// matched against files, quotes removed. Source: POSIX, Shell Command Language, 2.6.
import { type HereDoc, type ParameterExpansionPart, parse, type Word, type WordPart } from "unbash";
import type { Steps } from "../../steps.ts";
import { ArithmeticError, evaluateArithmetic } from "./arithmetic.ts";
import { expandBraces } from "./braces.ts";
import { ShellError } from "./control.ts";
import { fatalStatus, words } from "./dialect.ts";
import {
  type Chunk,
  type Field,
  fieldBreak,
  fieldText,
  type Piece,
  splitFields,
} from "./fields.ts";
import { expandPathnames } from "./glob.ts";
import { expandParameter } from "./parameterExpansion.ts";
import { Pattern } from "./pattern.ts";
import { joiner, type Shell } from "./shell.ts";
import { Capture } from "./streams.ts";

/** The fields of a command's words. */
export function* expandWords(shell: Shell, list: readonly Word[]): Steps<string[]> {
  const fields: string[] = [];
  for (const word of list.flatMap((each) => (shell.isBash ? expandBraces(each) : [each]))) {
    const chunks = yield* expandChunks(shell, word);
    const ifs = shell.variables.get("IFS") ?? " \t\n";
    for (const field of splitFields(chunks, ifs)) fields.push(...pathnames(shell, field));
  }
  return fields;
}

/** One text, neither split nor matched: assignments, redirections, the word of a `case`. */
export function* expandText(shell: Shell, word: Word): Steps<string> {
  return piecesOf(shell, yield* expandChunks(shell, word))
    .map(({ text }) => text)
    .join("");
}

/** A pattern whose quoted parts stand for themselves. */
export function* expandPattern(shell: Shell, word: Word): Steps<Pattern> {
  return Pattern.of(piecesOf(shell, yield* expandChunks(shell, word)));
}

export function* expandHereDocument(shell: Shell, { operator, body }: HereDoc): Steps<string> {
  const isIndented = operator === "<<-";
  if (!body.parts) return isIndented ? body.text.replace(/^\t+/gm, "") : body.text;
  let text = "";
  for (const part of body.parts) {
    const atLineStart = text === "" || text.endsWith("\n");
    const pieces = piecesOf(shell, yield* expandPart(shell, part, true));
    const added = pieces.map((piece) => piece.text).join("");
    if (part.type !== "Literal" || !isIndented) text += added;
    else text += added.replace(/\n\t+/g, "\n").replace(atLineStart ? /^\t+/ : /^(?!)/, "");
  }
  return text;
}

/** What `$(...)` leaves: the output of commands in a subshell, without the newlines at its end. */
export function* substituteCommand(shell: Shell, script: string): Steps<string> {
  const capture = new Capture();
  const inner = shell.fork();
  inner.streams = new Map([...shell.streams, [1, { sink: capture }]]);
  shell.substitutionStatus = yield* shell.interpreter.run(inner, script);
  return capture.text();
}

export function* expandArithmetic(shell: Shell, text: string): Steps<bigint> {
  const expanded = /[$`\\"]/.test(text)
    ? yield* expandAsQuoted(shell, text.replaceAll('"', ""))
    : text;
  try {
    return evaluateArithmetic(expanded, {
      get: (name) => shell.parameter(name),
      set: (name, value) => shell.assign(name, value),
    });
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    const message = words.arithmetic(shell.dialect, expanded, error.message);
    throw new ShellError(message, fatalStatus(shell.dialect));
  }
}

/** A text whose expansions are meant and whose quotes are not: as in a here-document. */
function* expandAsQuoted(shell: Shell, text: string): Steps<string> {
  const command = parse(`:<<\0\n${text}\n\0\n`).commands[0]?.command;
  const document = command?.type === "Command" ? command.redirects[0] : undefined;
  if (document?.type !== "HereDoc") return text;
  return (yield* expandHereDocument(shell, document)).slice(0, -1);
}

function pathnames(shell: Shell, field: Field): readonly string[] {
  return shell.options.has("noglob")
    ? [fieldText(field)]
    : expandPathnames(field, shell.process.files, shell.cwd);
}

/** "$@" in a place where there are no fields is joined with spaces. */
function piecesOf(shell: Shell, chunks: readonly Chunk[]): Piece[] {
  const isJoined = shell.variables.get("IFS") === undefined ? " " : " ";
  return chunks.map((chunk) => (chunk === fieldBreak ? { text: isJoined, isQuoted: true } : chunk));
}

function* expandChunks(shell: Shell, word: Word, isQuoted = false): Steps<Chunk[]> {
  const { parts } = word;
  if (!parts) return isQuoted ? [quoted(word.text)] : literal(shell, word.text, true);
  const chunks: Chunk[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.type === "Literal" && !isQuoted) chunks.push(...literal(shell, part.text, i === 0));
    else chunks.push(...(yield* expandPart(shell, part, isQuoted)));
  }
  return chunks;
}

function* expandPart(shell: Shell, part: WordPart, isQuoted: boolean): Steps<Chunk[]> {
  switch (part.type) {
    case "Literal":
      return isQuoted ? [quoted(part.value)] : literal(shell, part.text, false);
    case "SingleQuoted":
      return [quoted(isQuoted ? part.text : part.value)];
    case "AnsiCQuoted":
      return [quoted(part.value)];
    case "DoubleQuoted":
    case "LocaleString":
      return yield* expandQuoted(shell, part.parts);
    case "SimpleExpansion":
      return parameterChunks(shell, part.text.slice(1), isQuoted);
    case "ParameterExpansion":
      return yield* parameter(shell, part, isQuoted);
    case "CommandExpansion":
      return [result(yield* substituteCommand(shell, commandText(part.text)), isQuoted)];
    case "ArithmeticExpansion":
      return [result(String(yield* expandArithmetic(shell, arithmeticText(part.text))), isQuoted)];
    case "ProcessSubstitution":
      throw new ShellError('syntax error: unexpected "("', 2);
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return yield* expandInPattern(shell, part, isQuoted);
  }
}

/** Brackets and braces may hold quotes and expansions. */
function* expandInPattern(
  shell: Shell,
  part: Extract<WordPart, { type: "Glob" | "ExtendedGlob" | "BraceExpansion" }>,
  isQuoted: boolean,
): Steps<Chunk[]> {
  const { parts } = part;
  const isPlain = !parts || parts.every(({ type }) => type === "Literal" || type === "Glob");
  if (isQuoted || isPlain) return [{ text: part.text, isQuoted }];
  const chunks: Chunk[] = [];
  let at = part.pos;
  for (const inner of parts) {
    chunks.push({ text: part.text.slice(at - part.pos, inner.pos - part.pos), isQuoted });
    chunks.push(...(yield* expandPart(shell, inner, isQuoted)));
    at = inner.end;
  }
  chunks.push({ text: part.text.slice(at - part.pos), isQuoted });
  return chunks;
}

function* expandQuoted(shell: Shell, parts: readonly WordPart[]): Steps<Chunk[]> {
  const [only] = parts;
  const inner: Chunk[] = [];
  for (const part of parts) inner.push(...(yield* expandPart(shell, part, true)));
  // "$@" without parameters is no field at all.
  const mayVanish = parts.length === 1 && only !== undefined && isAllParameters(only);
  return mayVanish && inner.length === 0 ? [] : [quoted(""), ...inner];
}

function isAllParameters(part: WordPart): boolean {
  return /^\$(?:@|\{@\}|\{\w+\[@\]\})$/.test(part.text);
}

function* parameter(shell: Shell, part: ParameterExpansionPart, isQuoted: boolean): Steps<Chunk[]> {
  const isPlain = part.operation === undefined && part.prefix === undefined;
  if (isPlain && part.index === undefined) return parameterChunks(shell, part.parameter, isQuoted);
  const expanded = yield* expandParameter(shell, part, {
    text: (word) => expandText(shell, word),
    pattern: (word) => expandPattern(shell, word),
    arithmetic: (text) => expandArithmetic(shell, text),
  });
  if ("word" in expanded) return yield* operandChunks(shell, expanded.word, isQuoted);
  if ("elements" in expanded) return listChunks(expanded.elements, isQuoted);
  return [result(expanded.value, isQuoted)];
}

/** The word of ${x:-word}: outside quotes, what it does not quote itself is split. */
function* operandChunks(shell: Shell, word: Word, isQuoted: boolean): Steps<Chunk[]> {
  const chunks = yield* expandChunks(shell, word, isQuoted);
  if (isQuoted) return chunks;
  return chunks.map((chunk) =>
    chunk === fieldBreak || chunk.isQuoted ? chunk : { ...chunk, isSplit: true },
  );
}

function parameterChunks(shell: Shell, name: string, isQuoted: boolean): Chunk[] {
  if (name === "@" || (name === "*" && !isQuoted)) return listChunks(shell.positional, isQuoted);
  const value = shell.parameter(name);
  if (value === undefined && shell.options.has("nounset") && !/^[@*]$/.test(name))
    throw new ShellError(words.unset(shell.dialect, name), unsetStatus(shell));
  return [result(name === "*" ? shell.positional.join(joiner(shell)) : (value ?? ""), isQuoted)];
}

function unsetStatus(shell: Shell): number {
  return shell.isBash ? 127 : 2;
}

function listChunks(elements: readonly string[], isQuoted: boolean): Chunk[] {
  return elements.flatMap((text, i): Chunk[] => {
    const piece = result(text, isQuoted);
    return i === 0 ? [piece] : [fieldBreak, piece];
  });
}

function quoted(text: string): Piece {
  return { text, isQuoted: true };
}

function result(text: string, isQuoted: boolean): Piece {
  return isQuoted ? quoted(text) : { text, isQuoted: false, isSplit: true };
}

/** Text outside quotes: backslashes quote what follows them, and a tilde is somebody's home. */
function literal(shell: Shell, text: string, isFirst: boolean): Piece[] {
  const home = isFirst ? /^~(?=\/|$)/.exec(text) : null;
  const pieces: Piece[] = home ? [quoted(shell.variables.get("HOME") ?? "~")] : [];
  const rest = home ? text.slice(1) : text;
  for (const [one] of rest.matchAll(/\\[\s\S]|[^\\]+|\\$/g))
    if (!one.startsWith("\\") || one.length === 1) pieces.push({ text: one, isQuoted: false });
    else if (one !== "\\\n") pieces.push(quoted(one.slice(1)));
  return pieces;
}

/** The script in "$(...)" or "`...`", where backslashes quote the next of \, $ and `. */
function commandText(text: string): string {
  return text.startsWith("`") ? text.slice(1, -1).replace(/\\([\\$`])/g, "$1") : text.slice(2, -1);
}

/** The expression in "$((...))", or in bash's "$[...]". */
function arithmeticText(text: string): string {
  return text.startsWith("$((") ? text.slice(3, -2) : text.slice(2, -1);
}
