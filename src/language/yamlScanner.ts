// The tokens of a YAML 1.1 text, cut exactly as go-yaml v2 cuts them, for the sake of its errors: what
// a token says is left to the parser library. Source: goyaml.v2/scannerc.go (sigs.k8s.io/yaml).

export interface Mark {
  readonly index: number;
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

export type TokenType =
  | "streamStart"
  | "streamEnd"
  | "versionDirective"
  | "tagDirective"
  | "documentStart"
  | "documentEnd"
  | "blockSequenceStart"
  | "blockMappingStart"
  | "blockEnd"
  | "flowSequenceStart"
  | "flowSequenceEnd"
  | "flowMappingStart"
  | "flowMappingEnd"
  | "blockEntry"
  | "flowEntry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly type: TokenType;
  readonly start: Mark;
  /** Of an alias or anchor: its name; of a version directive: the version. */
  readonly text: string;
}

/** The first thing wrong with a text; ends the scan or the parse. */
export class YamlError extends Error {
  constructor(
    message: string,
    readonly mark: Mark,
    readonly source: "scanner" | "parser" | "reader",
    readonly contextMark?: Mark,
  ) {
    super(message);
  }
}

interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

const origin: Mark = { index: 0, line: 0, column: 0 };
/** Source: go-yaml max_flow_level and max_indents. */
const maxDepth = 10_000;
const tooDeep = `exceeded max depth of ${maxDepth}`;
const noKey: SimpleKey = { possible: false, required: false, tokenNumber: 0, mark: origin };
/** Keys without "?" may be this long at most. */
const maxSimpleKey = 1024;

const end = -1;
const tab = 9;
const newline = 10;
const carriageReturn = 13;
const space = 32;

const codes = (text: string): Set<number> => new Set([...text].map((c) => c.charCodeAt(0)));
const nonPlainStarts = codes("-?:,[]{}#&*!|>'\"%@`");
const flowEnds = codes(",?[]{}");
const uriCharacters = codes(";/?:@&=+$,.%!~*'()[]");
const escapes = codes("0abt\tnvfe \"'\\N_LPxuU");
const anchorEnds = codes("?:,]}%@`");

export class YamlScanner {
  private index = 0;
  private line = 0;
  private column = 0;
  private readonly tokens: Token[] = [];
  private head = 0;
  private parsed = 0;
  private readonly indents: number[] = [];
  private indent = -1;
  private flowLevel = 0;
  private simpleKeyAllowed = true;
  private readonly simpleKeys: SimpleKey[] = [{ ...noKey }];
  /** The simple keys by the number of the token at which they begin. */
  private readonly keysByToken = new Map<number, SimpleKey>();
  private hasEnded = false;

  constructor(private readonly text: string) {}

  /** The token ahead. */
  peek(): Token {
    while (this.needsMore()) this.fetchNext();
    const token = this.tokens[this.head];
    if (!token) throw new YamlError("unexpected end of tokens", this.mark(), "scanner");
    return token;
  }

  skip(): void {
    this.peek();
    this.keysByToken.delete(this.parsed);
    this.head++;
    this.parsed++;
    if (this.head < 64) return;
    this.tokens.splice(0, this.head);
    this.head = 0;
  }

  /** A token is certain only once no key can begin at it any more. */
  private needsMore(): boolean {
    if (this.hasEnded) return false;
    if (this.head === this.tokens.length) return true;
    const key = this.keysByToken.get(this.parsed);
    return key !== undefined && this.isValid(key);
  }

  private isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.mark.line >= this.line && key.mark.index + maxSimpleKey >= this.index) return true;
    if (key.required) this.fail("could not find expected ':'", key.mark);
    key.possible = false;
    return false;
  }

  private fetchNext(): void {
    this.scanToNextToken();
    this.unroll(this.column);
    const c = this.at(0);
    if (c === end) {
      this.fetchStreamEnd();
      return;
    }
    if (this.column === 0 && c === 37) {
      this.fetchDirective();
      return;
    }
    if (this.column === 0 && this.isDocumentIndicator("---")) {
      this.fetchDocumentIndicator("documentStart");
      return;
    }
    if (this.column === 0 && this.isDocumentIndicator("...")) {
      this.fetchDocumentIndicator("documentEnd");
      return;
    }
    if (this.fetchIndicator(String.fromCharCode(c))) return;
    if (this.startsPlain(c)) {
      this.fetchScalar(() => this.scanPlain());
      return;
    }
    this.fail("found character that cannot start any token");
  }

  /** Fetches what an indicator stands for; false if the character is none here. */
  private fetchIndicator(c: string): boolean {
    const isFlow = this.flowLevel > 0;
    const isAlone = isBlankOrEnd(this.at(1));
    switch (c) {
      case "[":
        return this.fetchFlowStart("flowSequenceStart");
      case "{":
        return this.fetchFlowStart("flowMappingStart");
      case "]":
        return this.fetchFlowEnd("flowSequenceEnd");
      case "}":
        return this.fetchFlowEnd("flowMappingEnd");
      case ",":
        return this.fetchFlowEntry();
      case "-":
        return isAlone && this.fetchBlockEntry();
      case "?":
        return (isFlow || isAlone) && this.fetchKey();
      case ":":
        return (isFlow || isAlone) && this.fetchValue();
      default:
        return this.fetchNodeIndicator(c, isFlow);
    }
  }

  private fetchNodeIndicator(c: string, isFlow: boolean): boolean {
    switch (c) {
      case "*":
      case "&":
        this.fetchScalar(() => this.scanAnchor(c === "*"));
        return true;
      case "!":
        this.fetchScalar(() => this.scanTag());
        return true;
      case "|":
      case ">":
        if (isFlow) return false;
        this.removeSimpleKey();
        this.simpleKeyAllowed = true;
        this.scanBlockScalar();
        return true;
      case "'":
      case '"':
        this.fetchScalar(() => this.scanQuoted(c === "'"));
        return true;
      default:
        return false;
    }
  }

  private startsPlain(c: number): boolean {
    if (!isBlankOrEnd(c) && !nonPlainStarts.has(c)) return true;
    if (c === 45) return !isBlank(this.at(1));
    return this.flowLevel === 0 && (c === 63 || c === 58) && !isBlankOrEnd(this.at(1));
  }

  private fetchStreamEnd(): void {
    if (this.column !== 0) {
      this.column = 0;
      this.line++;
    }
    this.unroll(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push("streamEnd");
    this.hasEnded = true;
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.scanDirective();
  }

  private fetchDocumentIndicator(type: "documentStart" | "documentEnd"): void {
    this.unroll(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push(type);
    this.advance(3);
  }

  private fetchFlowStart(type: TokenType): true {
    this.saveSimpleKey();
    this.simpleKeys.push({ ...noKey });
    this.flowLevel++;
    if (this.flowLevel > maxDepth) this.fail(tooDeep);
    this.simpleKeyAllowed = true;
    return this.pushIndicator(type);
  }

  private fetchFlowEnd(type: TokenType): true {
    this.removeSimpleKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.simpleKeys.pop();
    }
    this.simpleKeyAllowed = false;
    return this.pushIndicator(type);
  }

  private fetchFlowEntry(): true {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    return this.pushIndicator("flowEntry");
  }

  private fetchBlockEntry(): true {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed)
        this.fail("block sequence entries are not allowed in this context");
      this.roll(this.column, undefined, "blockSequenceStart", this.mark());
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    return this.pushIndicator("blockEntry");
  }

  private fetchKey(): true {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.fail("mapping keys are not allowed in this context");
      this.roll(this.column, undefined, "blockMappingStart", this.mark());
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    return this.pushIndicator("key");
  }

  private fetchValue(): true {
    const key = this.simpleKeys.at(-1);
    if (key && this.isValid(key)) {
      const { tokenNumber, mark } = key;
      this.insert(tokenNumber, { type: "key", start: mark, text: "" });
      this.roll(mark.column, tokenNumber, "blockMappingStart", mark);
      key.possible = false;
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) this.fail("mapping values are not allowed in this context");
        this.roll(this.column, undefined, "blockMappingStart", this.mark());
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    return this.pushIndicator("value");
  }

  private fetchScalar(scan: () => void): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    scan();
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    this.removeSimpleKey();
    const tokenNumber = this.parsed + (this.tokens.length - this.head);
    const required = this.flowLevel === 0 && this.indent === this.column;
    const key = { possible: true, required, tokenNumber, mark: this.mark() };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keysByToken.set(tokenNumber, key);
  }

  private removeSimpleKey(): void {
    const key = this.simpleKeys.at(-1);
    if (!key?.possible) return;
    if (key.required) this.fail("could not find expected ':'", key.mark);
    key.possible = false;
  }

  private roll(
    column: number,
    tokenNumber: number | undefined,
    type: TokenType,
    start: Mark,
  ): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxDepth) this.fail(tooDeep);
    const token = { type, start, text: "" };
    if (tokenNumber === undefined) this.tokens.push(token);
    else this.insert(tokenNumber, token);
  }

  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push("blockEnd");
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private insert(tokenNumber: number, token: Token): void {
    this.tokens.splice(this.head + tokenNumber - this.parsed, 0, token);
  }

  private push(type: TokenType, start = this.mark(), text = ""): void {
    this.tokens.push({ type, start, text });
  }

  private pushIndicator(type: TokenType): true {
    this.push(type);
    this.advance(1);
    return true;
  }

  private scanToNextToken(): void {
    for (;;) {
      if (this.index === 0 && this.at(0) === 0xfeff) this.advance(1);
      // A tab may stand where no key can begin.
      const allowsTab = this.flowLevel > 0 || !this.simpleKeyAllowed;
      while (this.at(0) === space || (allowsTab && this.at(0) === tab)) this.advance(1);
      if (this.at(0) === 35) while (!isBreakOrEnd(this.at(0))) this.advance(1);
      if (!isBreak(this.at(0))) return;
      this.skipLine();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  private scanDirective(): void {
    const start = this.mark();
    this.advance(1);
    const name = this.take(isAlpha);
    if (name === "") this.fail("could not find expected directive name", start);
    if (!isBlankOrEnd(this.at(0))) this.fail("found unexpected non-alphabetical character", start);
    if (name !== "YAML" && name !== "TAG") this.fail("found unknown directive name", start);
    this.take(isBlank);
    if (name === "YAML") {
      const major = this.takeVersion(start);
      if (this.at(0) !== 46) this.fail("did not find expected digit or '.' character", start);
      this.advance(1);
      this.push("versionDirective", start, `${major}.${this.takeVersion(start)}`);
    } else {
      this.take((c) => !isBreakOrEnd(c) && c !== 35);
      this.push("tagDirective", start);
    }
    this.take(isBlank);
    if (this.at(0) === 35) this.take((c) => !isBreakOrEnd(c));
    if (!isBreakOrEnd(this.at(0))) this.fail("did not find expected comment or line break", start);
    if (isBreak(this.at(0))) this.skipLine();
  }

  private takeVersion(start: Mark): string {
    const digits = this.take((c) => c >= 48 && c <= 57);
    if (digits === "") this.fail("did not find expected version number", start);
    return digits;
  }

  private scanAnchor(isAlias: boolean): void {
    const start = this.mark();
    this.advance(1);
    const name = this.take(isAlpha);
    if (name === "" || !(isBlankOrEnd(this.at(0)) || anchorEnds.has(this.at(0))))
      this.fail("did not find expected alphabetic or numeric character", start);
    this.push(isAlias ? "alias" : "anchor", start, name);
  }

  private scanTag(): void {
    const start = this.mark();
    if (this.at(1) === 60) {
      this.advance(2);
      if (this.take((c) => isAlpha(c) || uriCharacters.has(c)) === "")
        this.fail("did not find expected tag URI", start);
      if (this.at(0) !== 62) this.fail("did not find the expected '>'", start);
      this.advance(1);
    } else this.scanTagName(start);
    if (!isBlankOrEnd(this.at(0)))
      this.fail("did not find expected whitespace or line break", start);
    this.push("tag", start);
  }

  private scanTagName(start: Mark): void {
    this.advance(1);
    const handle = this.take(isAlpha);
    const hasHandle = this.at(0) === 33;
    if (hasHandle) this.advance(1);
    const suffix = this.take((c) => isAlpha(c) || uriCharacters.has(c));
    if (hasHandle && suffix === "") this.fail("did not find expected tag URI", start);
    if (hasHandle && handle !== "")
      throw new YamlError("found undefined tag handle", start, "parser", start);
  }

  private scanBlockScalar(): void {
    const start = this.mark();
    this.advance(1);
    let increment = 0;
    for (let i = 0; i < 2; i++) {
      const c = this.at(0);
      if (c === 48) this.fail("found an indentation indicator equal to 0", start);
      if (c > 48 && c <= 57) increment = c - 48;
      else if (c !== 43 && c !== 45) break;
      this.advance(1);
    }
    this.take(isBlank);
    if (this.at(0) === 35) this.take((c) => !isBreakOrEnd(c));
    if (!isBreakOrEnd(this.at(0))) this.fail("did not find expected comment or line break", start);
    if (isBreak(this.at(0))) this.skipLine();
    let indent = increment === 0 ? 0 : Math.max(this.indent, 0) + increment;
    indent = this.scanBlockBreaks(indent, start);
    while (this.column === indent && this.at(0) !== end) {
      this.take((c) => !isBreakOrEnd(c));
      if (isBreak(this.at(0))) this.skipLine();
      indent = this.scanBlockBreaks(indent, start);
    }
    this.push("scalar", start);
  }

  /** Skips empty lines and indentation; finds out the indentation if it is 0. */
  private scanBlockBreaks(indent: number, start: Mark): number {
    let deepest = 0;
    for (;;) {
      while ((indent === 0 || this.column < indent) && this.at(0) === space) this.advance(1);
      deepest = Math.max(deepest, this.column);
      if ((indent === 0 || this.column < indent) && this.at(0) === tab)
        this.fail("found a tab character where an indentation space is expected", start);
      if (!isBreak(this.at(0))) break;
      this.skipLine();
    }
    return indent === 0 ? Math.max(deepest, this.indent + 1, 1) : indent;
  }

  private scanQuoted(isSingle: boolean): void {
    const start = this.mark();
    const quote = isSingle ? 39 : 34;
    this.advance(1);
    for (;;) {
      if (this.column === 0 && (this.isDocumentIndicator("---") || this.isDocumentIndicator("...")))
        this.fail("found unexpected document indicator", start);
      if (this.at(0) === end) this.fail("found unexpected end of stream", start);
      this.scanQuotedWord(quote, start);
      if (this.at(0) === quote) break;
      while (isBlank(this.at(0)) || isBreak(this.at(0)))
        if (isBreak(this.at(0))) this.skipLine();
        else this.advance(1);
    }
    this.advance(1);
    this.push("scalar", start);
  }

  /** Up to the quote that ends the scalar, or to a blank. */
  private scanQuotedWord(quote: number, start: Mark): void {
    for (;;) {
      const c = this.at(0);
      if (isBlankOrEnd(c)) return;
      if (c === quote) {
        if (quote !== 39 || this.at(1) !== 39) return;
        this.advance(2);
      } else if (c === 92 && quote === 34) {
        if (isBreak(this.at(1))) {
          this.advance(1);
          this.skipLine();
          return;
        }
        this.scanEscape(start);
      } else this.advance(1);
    }
  }

  private scanEscape(start: Mark): void {
    const code = this.at(1);
    if (!escapes.has(code)) this.fail("found unknown escape character", start);
    this.advance(2);
    const digits = code === 120 ? 2 : code === 117 ? 4 : code === 85 ? 8 : 0;
    if (digits === 0) return;
    const hex = this.text.slice(this.index, this.index + digits);
    if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex))
      this.fail("did not find expected hexdecimal number", start);
    const value = Number.parseInt(hex, 16);
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
      this.fail("found invalid Unicode character escape code", start);
    this.advance(digits);
  }

  private scanPlain(): void {
    const start = this.mark();
    const indent = this.indent + 1;
    let isLeading = false;
    for (;;) {
      if (this.column === 0 && (this.isDocumentIndicator("---") || this.isDocumentIndicator("...")))
        break;
      if (this.at(0) === 35) break;
      if (this.scanPlainWord()) isLeading = false;
      if (!isBlank(this.at(0)) && !isBreak(this.at(0))) break;
      isLeading = this.scanPlainBlanks(isLeading, indent, start);
      if (this.flowLevel === 0 && this.column < indent) break;
    }
    this.push("scalar", start);
    if (isLeading) this.simpleKeyAllowed = true;
  }

  private scanPlainWord(): boolean {
    const from = this.index;
    for (;;) {
      const c = this.at(0);
      if (isBlankOrEnd(c)) break;
      if (c === 58 && isBlankOrEnd(this.at(1))) break;
      if (this.flowLevel > 0 && flowEnds.has(c)) break;
      this.advance(1);
    }
    return this.index > from;
  }

  private scanPlainBlanks(wasLeading: boolean, indent: number, start: Mark): boolean {
    let isLeading = wasLeading;
    while (isBlank(this.at(0)) || isBreak(this.at(0)))
      if (isBreak(this.at(0))) {
        this.skipLine();
        isLeading = true;
      } else {
        if (isLeading && this.column < indent && this.at(0) === tab)
          this.fail("found a tab character that violates indentation", start);
        this.advance(1);
      }
    return isLeading;
  }

  private isDocumentIndicator(indicator: string): boolean {
    return this.text.startsWith(indicator, this.index) && isBlankOrEnd(this.at(3));
  }

  private take(accepts: (c: number) => boolean): string {
    const from = this.index;
    while (this.at(0) !== end && accepts(this.at(0))) this.advance(1);
    return this.text.slice(from, this.index);
  }

  /** The character ahead, or -1 behind the last one. */
  private at(distance: number): number {
    const i = this.index + distance;
    return i < this.text.length ? this.text.charCodeAt(i) : end;
  }

  private advance(count: number): void {
    this.index += count;
    this.column += count;
  }

  private skipLine(): void {
    this.index += this.at(0) === carriageReturn && this.at(1) === newline ? 2 : 1;
    this.column = 0;
    this.line++;
  }

  private mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  private fail(message: string, context?: Mark): never {
    throw new YamlError(message, this.mark(), "scanner", context);
  }
}

function isBlank(c: number): boolean {
  return c === space || c === tab;
}

function isBreak(c: number): boolean {
  return c === newline || c === carriageReturn || c === 0x85 || c === 0x2028 || c === 0x2029;
}

function isBreakOrEnd(c: number): boolean {
  return c === end || isBreak(c);
}

function isBlankOrEnd(c: number): boolean {
  return isBlank(c) || isBreakOrEnd(c);
}

/** Letters, digits, "_" and "-". */
function isAlpha(c: number): boolean {
  return (
    (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45
  );
}
