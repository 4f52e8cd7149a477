// Backslash sequences as `echo -e`, `printf` and `tr` read them.

export interface Unescaped {
  readonly text: string;
  /** "\c": nothing that follows is printed. */
  readonly isCutOff: boolean;
}

/**
 * @param style where octal digits begin: "echo" with \0nnn, "printf" with \nnn
 */
export function unescapeText(text: string, style: "echo" | "printf"): Unescaped {
  let result = "";
  const octal = style === "echo" ? /0[0-7]{0,3}/y : /[0-7]{1,3}/y;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character !== "\\") {
      result += character;
      continue;
    }
    const next = text.charAt(at + 1);
    if (next === "c") return { text: result, isCutOff: true };
    const code = numbered(text, at + 1, octal);
    if (code) result += String.fromCharCode(code.value);
    else result += simple[next] ?? `\\${next}`;
    at += code ? code.length : next === "" ? 0 : 1;
  }
  return { text: result, isCutOff: false };
}

const simple: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

function numbered(
  text: string,
  at: number,
  octal: RegExp,
): { readonly value: number; readonly length: number } | undefined {
  octal.lastIndex = at;
  const digits = octal.exec(text)?.[0];
  if (digits !== undefined)
    return { value: Number.parseInt(digits, 8) & 0xff, length: digits.length };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(text.slice(at, at + 3));
  return hex?.[1] === undefined
    ? undefined
    : { value: Number.parseInt(hex[1], 16), length: hex[0].length };
}

export type EchoStyle = "ash" | "dash" | "bash";

/** What `echo` prints: dash always reads backslashes, the others if -e asks for it. */
export function echoText(args: readonly string[], style: EchoStyle): string {
  let isEscaped = style === "dash";
  let hasNewline = true;
  let first = 0;
  if (style === "dash") {
    if (args[0] === "-n") [first, hasNewline] = [1, false];
  } else
    for (; /^-[neE]+$/.test(args[first] ?? ""); first++)
      for (const letter of (args[first] ?? "").slice(1))
        if (letter === "n") hasNewline = false;
        else isEscaped = letter === "e";
  const text = args.slice(first).join(" ");
  const end = hasNewline ? "\n" : "";
  if (!isEscaped) return text + end;
  const unescaped = unescapeText(text, "echo");
  return unescaped.isCutOff ? unescaped.text : unescaped.text + end;
}
