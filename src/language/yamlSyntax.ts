// The first syntax error of a document, in go-yaml v2's words: kubectl's own. A parser that keeps
// nothing but its states. Source: goyaml.v2/parserc.go and decode.go (sigs.k8s.io/yaml).
import { type Mark, type Token, type TokenType, YamlError, YamlScanner } from "./yamlScanner.ts";

export interface SyntaxError {
  /** "line 3: could not find expected ':'"; the line is the one that go-yaml names. */
  readonly message: string;
  /** Where the problem was noticed. */
  readonly offset: number;
  readonly isTab: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what YAML forbids
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Undefined if go-yaml reads the text without complaint. Only the first document is read. */
export function firstSyntaxError(text: string): SyntaxError | undefined {
  const control = forbidden.exec(text);
  if (control)
    return { message: "control characters are not allowed", offset: control.index, isTab: false };
  try {
    new SyntaxChecker(text).check();
    return undefined;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return describe(error, text);
  }
}

function describe(error: YamlError, text: string): SyntaxError {
  const { mark, contextMark, source, message } = error;
  // go-yaml counts lines from 0 and adds one for the scanner's errors only.
  const line =
    mark.line === 0 ? (contextMark?.line ?? 0) : source === "scanner" ? mark.line + 1 : mark.line;
  const where = line === 0 || source === "reader" ? "" : `line ${line}: `;
  const isTab = message.includes("tab character") || text[mark.index] === "\t";
  return { message: where + message, offset: mark.index, isTab };
}

type State =
  | "documentStart"
  | "documentEnd"
  | "blockNode"
  | "blockSequenceFirst"
  | "blockSequenceEntry"
  | "indentlessEntry"
  | "blockMappingFirst"
  | "blockMappingKey"
  | "blockMappingValue"
  | "flowSequenceFirst"
  | "flowSequenceEntry"
  | "flowPairKey"
  | "flowPairValue"
  | "flowPairEnd"
  | "flowMappingFirst"
  | "flowMappingKey"
  | "flowMappingValue"
  | "flowMappingEmptyValue"
  | "end";

class SyntaxChecker {
  private readonly scanner: YamlScanner;
  private readonly states: State[] = [];
  private readonly marks: Mark[] = [];
  private readonly anchors = new Set<string>();
  private state: State = "documentStart";

  constructor(text: string) {
    this.scanner = new YamlScanner(text);
  }

  check(): void {
    while (this.state !== "end") this.step();
  }

  private step(): void {
    switch (this.state) {
      case "documentStart":
        this.documentStart();
        return;
      case "documentEnd":
        if (this.peek().type === "documentEnd") this.scanner.skip();
        this.state = "end";
        return;
      case "blockNode":
        this.node(true, false);
        return;
      case "blockSequenceFirst":
        this.open();
        this.blockSequenceEntry();
        return;
      case "blockSequenceEntry":
        this.blockSequenceEntry();
        return;
      case "indentlessEntry":
        this.indentlessEntry();
        return;
      case "blockMappingFirst":
        this.open();
        this.blockMappingKey();
        return;
      case "blockMappingKey":
        this.blockMappingKey();
        return;
      case "blockMappingValue":
        this.blockMappingValue();
        return;
      default:
        this.flowStep(this.state);
        return;
    }
  }

  private flowStep(state: State): void {
    switch (state) {
      case "flowSequenceFirst":
        this.open();
        this.flowSequenceEntry(true);
        return;
      case "flowSequenceEntry":
        this.flowSequenceEntry(false);
        return;
      case "flowPairKey":
        this.flowPairKey();
        return;
      case "flowPairValue":
        this.flowPairValue();
        return;
      case "flowPairEnd":
        this.state = "flowSequenceEntry";
        return;
      case "flowMappingFirst":
        this.open();
        this.flowMappingKey(true);
        return;
      case "flowMappingKey":
        this.flowMappingKey(false);
        return;
      case "flowMappingValue":
        this.flowMappingValue();
        return;
      default:
        this.state = "flowMappingKey";
    }
  }

  private documentStart(): void {
    const token = this.peek();
    const { type } = token;
    if (type === "streamEnd") {
      this.state = "end";
      return;
    }
    this.states.push("documentEnd");
    if (type === "versionDirective" || type === "tagDirective" || type === "documentStart") {
      this.directives();
      if (this.peek().type !== "documentStart")
        this.fail("did not find expected <document start>", this.peek());
      this.scanner.skip();
      // A document may be empty.
      if (
        this.isNext("versionDirective", "tagDirective", "documentStart", "documentEnd", "streamEnd")
      ) {
        this.pop();
        return;
      }
    }
    this.state = "blockNode";
  }

  private directives(): void {
    let hasVersion = false;
    for (let token = this.peek(); ; token = this.peek()) {
      if (token.type === "versionDirective") {
        if (hasVersion) this.fail("found duplicate %YAML directive", token);
        if (token.text !== "1.1") this.fail("found incompatible YAML document", token);
        hasVersion = true;
      } else if (token.type !== "tagDirective") return;
      this.scanner.skip();
    }
  }

  private node(isBlock: boolean, allowsIndentless: boolean): void {
    const first = this.peek();
    if (first.type === "alias") {
      if (!this.anchors.has(first.text))
        throw new YamlError(`unknown anchor '${first.text}' referenced`, first.start, "reader");
      this.scanner.skip();
      this.pop();
      return;
    }
    const hasProperties = this.properties();
    const token = this.peek();
    switch (token.type) {
      case "scalar":
        this.scanner.skip();
        this.pop();
        return;
      case "flowSequenceStart":
        this.state = "flowSequenceFirst";
        return;
      case "flowMappingStart":
        this.state = "flowMappingFirst";
        return;
      case "blockEntry":
        if (!allowsIndentless) break;
        this.state = "indentlessEntry";
        return;
      case "blockSequenceStart":
        if (!isBlock) break;
        this.state = "blockSequenceFirst";
        return;
      case "blockMappingStart":
        if (!isBlock) break;
        this.state = "blockMappingFirst";
        return;
      default:
    }
    if (hasProperties) {
      this.pop();
      return;
    }
    this.fail("did not find expected node content", token, first.start);
  }

  /** An anchor and a tag, in either order. */
  private properties(): boolean {
    let count = 0;
    for (let token = this.peek(); count < 2; token = this.peek(), count++) {
      if (token.type === "anchor") this.anchors.add(token.text);
      else if (token.type !== "tag") break;
      this.scanner.skip();
    }
    return count > 0;
  }

  private blockSequenceEntry(): void {
    const token = this.peek();
    if (token.type === "blockEntry") {
      this.scanner.skip();
      if (this.isNext("blockEntry", "blockEnd")) this.state = "blockSequenceEntry";
      else this.child("blockSequenceEntry", true, false);
      return;
    }
    this.close("blockEnd", token, "did not find expected '-' indicator");
  }

  private indentlessEntry(): void {
    if (this.peek().type !== "blockEntry") {
      this.pop();
      return;
    }
    this.scanner.skip();
    if (this.isNext("blockEntry", "key", "value", "blockEnd")) this.state = "indentlessEntry";
    else this.child("indentlessEntry", true, false);
  }

  private blockMappingKey(): void {
    const token = this.peek();
    if (token.type === "key") {
      this.scanner.skip();
      if (this.isNext("key", "value", "blockEnd")) this.state = "blockMappingValue";
      else this.child("blockMappingValue", true, true);
      return;
    }
    this.close("blockEnd", token, "did not find expected key");
  }

  private blockMappingValue(): void {
    this.state = "blockMappingKey";
    if (this.peek().type !== "value") return;
    this.scanner.skip();
    if (!this.isNext("key", "value", "blockEnd")) this.child("blockMappingKey", true, true);
  }

  private flowSequenceEntry(isFirst: boolean): void {
    if (!this.isNext("flowSequenceEnd")) {
      if (!isFirst) this.separator("did not find expected ',' or ']'");
      if (this.isNext("key")) {
        this.scanner.skip();
        this.state = "flowPairKey";
        return;
      }
      if (!this.isNext("flowSequenceEnd")) {
        this.child("flowSequenceEntry", false, false);
        return;
      }
    }
    this.close("flowSequenceEnd", this.peek(), "");
  }

  private flowPairKey(): void {
    if (!this.isNext("value", "flowEntry", "flowSequenceEnd")) {
      this.child("flowPairValue", false, false);
      return;
    }
    // As in the original, the token is dropped here.
    this.scanner.skip();
    this.state = "flowPairValue";
  }

  private flowPairValue(): void {
    this.state = "flowPairEnd";
    if (this.peek().type !== "value") return;
    this.scanner.skip();
    if (!this.isNext("flowEntry", "flowSequenceEnd")) this.child("flowPairEnd", false, false);
  }

  private flowMappingKey(isFirst: boolean): void {
    if (!this.isNext("flowMappingEnd")) {
      if (!isFirst) this.separator("did not find expected ',' or '}'");
      if (this.isNext("key")) {
        this.scanner.skip();
        if (this.isNext("value", "flowEntry", "flowMappingEnd")) this.state = "flowMappingValue";
        else this.child("flowMappingValue", false, false);
        return;
      }
      if (!this.isNext("flowMappingEnd")) {
        this.child("flowMappingEmptyValue", false, false);
        return;
      }
    }
    this.close("flowMappingEnd", this.peek(), "");
  }

  private flowMappingValue(): void {
    this.state = "flowMappingKey";
    if (this.peek().type !== "value") return;
    this.scanner.skip();
    if (!this.isNext("flowEntry", "flowMappingEnd")) this.child("flowMappingKey", false, false);
  }

  /** Reads a node and goes on with `next` behind it. */
  private child(next: State, isBlock: boolean, allowsIndentless: boolean): void {
    this.states.push(next);
    this.node(isBlock, allowsIndentless);
  }

  private open(): void {
    this.marks.push(this.peek().start);
    this.scanner.skip();
  }

  private separator(message: string): void {
    const token = this.peek();
    if (token.type !== "flowEntry") this.fail(message, token, this.marks.at(-1));
    this.scanner.skip();
  }

  private close(type: TokenType, token: Token, message: string): void {
    const mark = this.marks.pop();
    if (token.type !== type) this.fail(message, token, mark);
    this.scanner.skip();
    this.pop();
  }

  private pop(): void {
    this.state = this.states.pop() ?? "end";
  }

  private peek(): Token {
    return this.scanner.peek();
  }

  private isNext(...types: TokenType[]): boolean {
    return types.includes(this.peek().type);
  }

  private fail(message: string, { start }: Token, context?: Mark): never {
    throw new YamlError(message, start, "parser", context);
  }
}
