// Reads the little shell that container commands are written in: lists, &&, ||, if, while, until, for,
// redirections, quotes. What it cannot read, it says so.

export interface Word {
  /** Text with $NAME still in it where `isExpanded`. */
  readonly parts: readonly { readonly text: string; readonly isExpanded: boolean }[];
}

export type Command =
  | {
      readonly type: "simple";
      readonly words: readonly Word[];
      readonly output?: Word;
      readonly isBackground?: boolean;
    }
  | { readonly type: "list"; readonly commands: readonly Command[] }
  | { readonly type: "and" | "or"; readonly left: Command; readonly right: Command }
  | {
      readonly type: "loop";
      readonly condition: Command;
      readonly isUntil: boolean;
      readonly body: Command;
    }
  | {
      readonly type: "for";
      readonly name: string;
      readonly words: readonly Word[];
      readonly body: Command;
    }
  | {
      readonly type: "if";
      readonly condition: Command;
      readonly then: Command;
      readonly otherwise?: Command;
    };

type Token = { readonly word: Word } | { readonly operator: string };

/** @returns undefined if the script uses what this reader does not know */
export function parseShell(script: string): Command | undefined {
  const tokens = tokenize(script);
  if (!tokens) return undefined;
  const parser = new Parser(tokens);
  const command = parser.list([]);
  return parser.isDone && !parser.hasFailed ? command : undefined;
}

const keywords = new Set(["then", "do", "done", "fi", "else", "elif"]);

class Parser {
  hasFailed = false;
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get isDone(): boolean {
    return this.next >= this.tokens.length;
  }

  /** Commands up to one of the words in `ends`, which is left to the caller. */
  list(ends: readonly string[]): Command {
    const commands: Command[] = [];
    while (!this.isDone && !this.hasFailed) {
      if (this.isOperator(";") || this.isOperator("&")) {
        this.next++;
        continue;
      }
      const keyword = this.keyword();
      if (keyword !== undefined && ends.includes(keyword)) break;
      if (keyword !== undefined && keywords.has(keyword)) return this.fail();
      commands.push(this.andOr());
    }
    return { type: "list", commands };
  }

  private andOr(): Command {
    let left = this.pipeline();
    while (this.isOperator("&&") || this.isOperator("||")) {
      const type = this.isOperator("&&") ? "and" : "or";
      this.next++;
      left = { type, left, right: this.pipeline() };
    }
    return left;
  }

  private pipeline(): Command {
    switch (this.keyword()) {
      case "while":
      case "until":
        return this.loop();
      case "for":
        return this.forLoop();
      case "if":
        return this.conditional();
      default:
        return this.simple();
    }
  }

  private loop(): Command {
    const isUntil = this.keyword() === "until";
    this.next++;
    const condition = this.list(["do"]);
    const body = this.block("do", ["done"]);
    this.expect("done");
    return { type: "loop", condition, isUntil, body };
  }

  private forLoop(): Command {
    this.next++;
    const name = this.keyword() ?? "";
    this.next++;
    this.expect("in");
    const words: Word[] = [];
    for (let word = this.word(); word; word = this.word()) words.push(word);
    if (this.isOperator(";")) this.next++;
    const body = this.block("do", ["done"]);
    this.expect("done");
    return { type: "for", name, words, body };
  }

  /** Stands at "if" or "elif". */
  private conditional(): Command {
    this.next++;
    const condition = this.list(["then"]);
    const then = this.block("then", ["fi", "else", "elif"]);
    if (this.keyword() === "elif")
      return { type: "if", condition, then, otherwise: this.conditional() };
    const otherwise = this.keyword() === "else" ? this.block("else", ["fi"]) : undefined;
    this.expect("fi");
    return { type: "if", condition, then, ...(otherwise ? { otherwise } : {}) };
  }

  private block(opening: string, ends: readonly string[]): Command {
    this.expect(opening);
    return this.list(ends);
  }

  private simple(): Command {
    const words: Word[] = [];
    let output: Word | undefined;
    while (!this.isDone) {
      const token = this.tokens[this.next];
      if (token && "word" in token) words.push(token.word);
      else if (this.isOperator(">") || this.isOperator(">>")) {
        this.next++;
        output = this.word();
        continue;
      } else break;
      this.next++;
    }
    if (words.length === 0 && !output) return this.fail();
    const isBackground = this.isOperator("&");
    if (this.isOperator("|") || this.isOperator("(") || this.isOperator(")")) return this.fail();
    return {
      type: "simple",
      words,
      ...(output ? { output } : {}),
      ...(isBackground ? { isBackground } : {}),
    };
  }

  private word(): Word | undefined {
    const token = this.tokens[this.next];
    if (!token || !("word" in token)) return undefined;
    this.next++;
    return token.word;
  }

  private keyword(): string | undefined {
    const token = this.tokens[this.next];
    if (!token || !("word" in token) || token.word.parts.length !== 1) return undefined;
    return token.word.parts[0]?.text;
  }

  private expect(text: string): void {
    if (this.keyword() === text) this.next++;
    else this.fail();
  }

  private isOperator(text: string): boolean {
    const token = this.tokens[this.next];
    return token !== undefined && "operator" in token && token.operator === text;
  }

  private fail(): Command {
    this.hasFailed = true;
    return { type: "list", commands: [] };
  }
}

const operators = /^(&&|\|\||>>|;;|[;&|<>()\n])/;

function tokenize(script: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let rest = script.replaceAll("\\\n", " ").replace(/\s*2>(&1|\s*\/dev\/null)/g, "");
  while (rest !== "") {
    const blank = /^([ \t\r]+|#[^\n]*)/.exec(rest)?.[0];
    if (blank !== undefined) {
      rest = rest.slice(blank.length);
      continue;
    }
    const operator = operators.exec(rest)?.[0];
    if (operator !== undefined) {
      if (operator === "<" || operator === ";;") return undefined;
      tokens.push({ operator: operator === "\n" ? ";" : operator });
      rest = rest.slice(operator.length);
      continue;
    }
    const read = readWord(rest);
    if (!read) return undefined;
    tokens.push({ word: read.word });
    rest = read.rest;
  }
  return tokens;
}

const wordPart =
  /^(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(\$\(\([^()]*\)\)|\$\([^()]*\)|\$\{\w+\}|(?:[^\s;&|<>()'"\\#$]|\$(?!\()|\\.|(?<=\S)#)+))/;

function readWord(text: string): { word: Word; rest: string } | undefined {
  const parts: { text: string; isExpanded: boolean }[] = [];
  let rest = text;
  for (let match = wordPart.exec(rest); match; match = wordPart.exec(rest)) {
    const [all, single, double, bare] = match;
    if (single !== undefined) parts.push({ text: single, isExpanded: false });
    else if (double !== undefined)
      parts.push({ text: double.replace(/\\(["\\`])/g, "$1"), isExpanded: true });
    else parts.push({ text: (bare ?? "").replace(/\\(.)/g, "$1"), isExpanded: true });
    if (single === undefined && parts.at(-1)?.text.includes("`")) return undefined;
    rest = rest.slice(all.length);
  }
  return parts.length === 0 ? undefined : { word: { parts }, rest };
}
