// The tokens of a YAML 1.1 text, cut exactly as go-yaml v2 cuts them, errors included. Source:
// goyaml.v2/scannerc.go (sigs.k8s.io/yaml).
import {
  end,
  isAlpha,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  type Mark,
  space,
  tab,
  YamlCursor,
  YamlError,
} from "./yamlCursor.ts";
import {
  type ScannedScalar,
  scanBlockScalar,
  scanPlainScalar,
  scanQuotedScalar,
} from "./yamlScalars.ts";

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
  /** Offset behind it. */
  readonly end: number;
  /** What a scalar says; the name of an alias or anchor; a tag in full; a directive's version. */
  readonly text: string;
  /** Of a scalar: neither quoted nor a block. */
  readonly isPlain: boolean;
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

const codes = (text: string): Set<number> => new Set([...text].map((c) => c.charCodeAt(0)));
const nonPlainStarts = codes("-?:,[]{}#&*!|>'\"%@`");
const uriCharacters = codes(";/?:@&=+$,.%!~*'()[]");
const anchorEnds = codes("?:,]}%@`");

export class YamlScanner {
  private readonly cursor: YamlCursor;
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

  constructor(text: string) {
    this.cursor = new YamlCursor(text);
  }

  /** The token ahead. */
  peek(): Token {
    while (this.needsMore()) this.fetchNext();
    const token = this.tokens[this.head];
    if (!token) throw new YamlError("unexpected end of tokens", this.cursor.mark(), "scanner");
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
    if (key.mark.line >= this.cursor.line && key.mark.index + maxSimpleKey >= this.cursor.index)
      return true;
    if (key.required) this.cursor.fail("could not find expected ':'", key.mark);
    key.possible = false;
    return false;
  }

  private fetchNext(): void {
    this.scanToNextToken();
    this.unroll(this.cursor.column);
    const c = this.cursor.at(0);
    if (c === end) {
      this.fetchStreamEnd();
      return;
    }
    if (this.cursor.column === 0 && c === 37) {
      this.fetchDirective();
      return;
    }
    if (this.cursor.isDocumentIndicator("---")) {
      this.fetchDocumentIndicator("documentStart");
      return;
    }
    if (this.cursor.isDocumentIndicator("...")) {
      this.fetchDocumentIndicator("documentEnd");
      return;
    }
    if (this.fetchIndicator(String.fromCharCode(c))) return;
    if (this.startsPlain(c)) {
      this.fetchPlainScalar();
      return;
    }
    this.cursor.fail("found character that cannot start any token");
  }

  /** Fetches what an indicator stands for; false if the character is none here. */
  private fetchIndicator(c: string): boolean {
    const isFlow = this.flowLevel > 0;
    const isAlone = isBlankOrEnd(this.cursor.at(1));
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
        this.beginNode();
        this.scanAnchor(c === "*");
        return true;
      case "!":
        this.beginNode();
        this.scanTag();
        return true;
      case "|":
      case ">":
        if (isFlow) return false;
        this.removeSimpleKey();
        this.simpleKeyAllowed = true;
        this.pushScalar(scanBlockScalar(this.cursor, this.indent));
        return true;
      case "'":
      case '"':
        this.beginNode();
        this.pushScalar(scanQuotedScalar(this.cursor));
        return true;
      default:
        return false;
    }
  }

  private startsPlain(c: number): boolean {
    if (!isBlankOrEnd(c) && !nonPlainStarts.has(c)) return true;
    if (c === 45) return !isBlank(this.cursor.at(1));
    return this.flowLevel === 0 && (c === 63 || c === 58) && !isBlankOrEnd(this.cursor.at(1));
  }

  private fetchStreamEnd(): void {
    if (this.cursor.column !== 0) {
      this.cursor.column = 0;
      this.cursor.line++;
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
    this.cursor.advance(3);
  }

  private fetchFlowStart(type: TokenType): true {
    this.saveSimpleKey();
    this.simpleKeys.push({ ...noKey });
    this.flowLevel++;
    if (this.flowLevel > maxDepth) this.cursor.fail(tooDeep);
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
        this.cursor.fail("block sequence entries are not allowed in this context");
      this.roll(this.cursor.column, undefined, "blockSequenceStart", this.cursor.mark());
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    return this.pushIndicator("blockEntry");
  }

  private fetchKey(): true {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.cursor.fail("mapping keys are not allowed in this context");
      this.roll(this.cursor.column, undefined, "blockMappingStart", this.cursor.mark());
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    return this.pushIndicator("key");
  }

  private fetchValue(): true {
    const key = this.simpleKeys.at(-1);
    if (key && this.isValid(key)) {
      const { tokenNumber, mark } = key;
      this.insert(tokenNumber, tokenOf("key", mark, mark.index));
      this.roll(mark.column, tokenNumber, "blockMappingStart", mark);
      key.possible = false;
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed)
          this.cursor.fail("mapping values are not allowed in this context");
        this.roll(this.cursor.column, undefined, "blockMappingStart", this.cursor.mark());
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    return this.pushIndicator("value");
  }

  private fetchPlainScalar(): void {
    this.beginNode();
    const scalar = scanPlainScalar(this.cursor, this.indent + 1, this.flowLevel > 0);
    this.pushScalar(scalar);
    if (scalar.endsLine) this.simpleKeyAllowed = true;
  }

  /** What comes next may turn out to be a key. */
  private beginNode(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    this.removeSimpleKey();
    const tokenNumber = this.parsed + (this.tokens.length - this.head);
    const required = this.flowLevel === 0 && this.indent === this.cursor.column;
    const key = { possible: true, required, tokenNumber, mark: this.cursor.mark() };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keysByToken.set(tokenNumber, key);
  }

  private removeSimpleKey(): void {
    const key = this.simpleKeys.at(-1);
    if (!key?.possible) return;
    if (key.required) this.cursor.fail("could not find expected ':'", key.mark);
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
    if (this.indents.length > maxDepth) this.cursor.fail(tooDeep);
    const token = tokenOf(type, start, start.index);
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

  /** A token that ends where the cursor is. */
  private push(type: TokenType, start = this.cursor.mark(), text = ""): void {
    this.tokens.push(tokenOf(type, start, this.cursor.index, text));
  }

  private pushScalar({ start, end, text, isPlain }: ScannedScalar): void {
    this.tokens.push({ type: "scalar", start, end, text, isPlain });
  }

  private pushIndicator(type: TokenType): true {
    const start = this.cursor.mark();
    this.cursor.advance(1);
    this.push(type, start);
    return true;
  }

  private scanToNextToken(): void {
    for (;;) {
      if (this.cursor.index === 0 && this.cursor.at(0) === 0xfeff) this.cursor.advance(1);
      // A tab may stand where no key can begin.
      const allowsTab = this.flowLevel > 0 || !this.simpleKeyAllowed;
      while (this.cursor.at(0) === space || (allowsTab && this.cursor.at(0) === tab))
        this.cursor.advance(1);
      if (this.cursor.at(0) === 35) while (!isBreakOrEnd(this.cursor.at(0))) this.cursor.advance(1);
      if (!isBreak(this.cursor.at(0))) return;
      this.cursor.readBreak();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  private scanDirective(): void {
    const start = this.cursor.mark();
    this.cursor.advance(1);
    const name = this.cursor.take(isAlpha);
    if (name === "") this.cursor.fail("could not find expected directive name", start);
    if (!isBlankOrEnd(this.cursor.at(0)))
      this.cursor.fail("found unexpected non-alphabetical character", start);
    if (name !== "YAML" && name !== "TAG") this.cursor.fail("found unknown directive name", start);
    this.cursor.takeBlanks();
    if (name === "YAML") {
      const major = this.takeVersion(start);
      if (this.cursor.at(0) !== 46)
        this.cursor.fail("did not find expected digit or '.' character", start);
      this.cursor.advance(1);
      this.push("versionDirective", start, `${major}.${this.takeVersion(start)}`);
    } else {
      this.cursor.take((c) => !isBreakOrEnd(c) && c !== 35);
      this.push("tagDirective", start);
    }
    this.cursor.takeBlanks();
    if (this.cursor.at(0) === 35) this.cursor.takeLine();
    if (!isBreakOrEnd(this.cursor.at(0)))
      this.cursor.fail("did not find expected comment or line break", start);
    if (isBreak(this.cursor.at(0))) this.cursor.readBreak();
  }

  private takeVersion(start: Mark): string {
    const digits = this.cursor.take((c) => c >= 48 && c <= 57);
    if (digits === "") this.cursor.fail("did not find expected version number", start);
    return digits;
  }

  private scanAnchor(isAlias: boolean): void {
    const start = this.cursor.mark();
    this.cursor.advance(1);
    const name = this.cursor.take(isAlpha);
    if (name === "" || !(isBlankOrEnd(this.cursor.at(0)) || anchorEnds.has(this.cursor.at(0))))
      this.cursor.fail("did not find expected alphabetic or numeric character", start);
    this.push(isAlias ? "alias" : "anchor", start, name);
  }

  private scanTag(): void {
    const { cursor } = this;
    const start = cursor.mark();
    let tag: string;
    if (cursor.at(1) === 60) {
      cursor.advance(2);
      tag = cursor.take(isUriCharacter);
      if (tag === "") cursor.fail("did not find expected tag URI", start);
      if (cursor.at(0) !== 62) cursor.fail("did not find the expected '>'", start);
      cursor.advance(1);
    } else tag = this.scanTagName(start);
    if (!isBlankOrEnd(cursor.at(0)))
      cursor.fail("did not find expected whitespace or line break", start);
    this.push("tag", start, tag);
  }

  private scanTagName(start: Mark): string {
    const { cursor } = this;
    cursor.advance(1);
    const handle = cursor.take(isAlpha);
    const hasHandle = cursor.at(0) === 33;
    if (hasHandle) cursor.advance(1);
    const suffix = cursor.take(isUriCharacter);
    if (!hasHandle) return `!${handle}${suffix}`;
    if (suffix === "") cursor.fail("did not find expected tag URI", start);
    if (handle !== "") throw new YamlError("found undefined tag handle", start, "parser", start);
    return `tag:yaml.org,2002:${suffix}`;
  }
}

function tokenOf(type: TokenType, start: Mark, end: number, text = ""): Token {
  return { type, start, end, text, isPlain: false };
}

function isUriCharacter(c: number): boolean {
  return isAlpha(c) || uriCharacters.has(c);
}
