// All that is wrong with the syntax of a text. A reader stops at the first fault; to find the next, the
// faulty line is taken for blank, and with it what is indented below, so that one mistake is told once.
import { parseYaml, type SyntaxFault } from "../base/yaml/yamlParser.ts";
import { ExcessiveAliasing } from "../base/yaml/yamlTreeBuilder.ts";

/** More than these in one document would not help. */
const mostFaults = 20;

/** The faults in the order of the text; the first is the one that a server would tell. */
export function syntaxFaults(text: string): readonly SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  let rest = text;
  while (faults.length < mostFaults) {
    const fault = faultOf(rest);
    const last = faults.at(-1);
    // What shows at the same line or above comes of the mending.
    if (!fault || (last && fault.origin <= last.origin)) break;
    faults.push(fault);
    const mended = withoutLine(rest, fault.origin);
    if (mended === rest) break;
    rest = mended;
  }
  return faults;
}

function faultOf(text: string): SyntaxFault | undefined {
  try {
    const parsed = parseYaml(text, 0);
    return "syntaxFault" in parsed ? parsed.syntaxFault : undefined;
  } catch (error) {
    if (error instanceof ExcessiveAliasing) return undefined;
    throw error;
  }
}

/** The line at `offset` blank, its key kept where others stand below it. */
function withoutLine(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = lineEnd(text, start);
  const line = text.slice(start, end);
  const below = blockEnd(text, end, indentOf(line));
  const key = /^ *(?:- +)*[\w./-]+:(?= |$)/.exec(line)?.[0];
  if (key !== undefined && below > end && key.length < line.trimEnd().length)
    return text.slice(0, start) + key + " ".repeat(line.length - key.length) + text.slice(end);
  return (
    text.slice(0, start) + text.slice(start, below).replace(/[^\r\n]/g, " ") + text.slice(below)
  );
}

/** Behind the lines that are further right than `indent`. */
function blockEnd(text: string, from: number, indent: number): number {
  let end = from;
  for (let at = from + 1; at < text.length; ) {
    const next = lineEnd(text, at);
    const line = text.slice(at, next);
    if (line.trim() !== "") {
      if (indentOf(line) <= indent) break;
      end = next;
    }
    at = next + 1;
  }
  return end;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
