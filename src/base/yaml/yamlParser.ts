// Reads one YAML document into a tree, or says what is wrong with it in go-yaml v2's words: kubectl's
// own. Source: goyaml.v2/parserc.go and decode.go (sigs.k8s.io/yaml).
import { type Mark, YamlError } from "./yamlCursor.ts";
import { type Token, type TokenType, YamlScanner } from "./yamlScanner.ts";
import type { TreeNode } from "./yamlTree.ts";
import {
  type DuplicateKey,
  type NodeProperties,
  type TreeError,
  YamlTreeBuilder,
} from "./yamlTreeBuilder.ts";

export interface SyntaxFault {
  /** "line 3: could not find expected ':'"; the line is the one that go-yaml names. */
  readonly message: string;
  /** Where the problem was noticed. */
  readonly offset: number;
  /** Where it begins: the quote, the bracket or the key that is not ended, else the same. */
  readonly origin: number;
  readonly isTab: boolean;
}

export type ParsedYaml =
  | { readonly syntaxFault: SyntaxFault }
  | {
      readonly root: TreeNode | undefined;
      readonly duplicates: readonly DuplicateKey[];
      readonly errors: readonly TreeError[];
    };

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what YAML forbids
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * Reads the first document of `text`; places in the tree are counted from `base` on.
 * @throws ExcessiveAliasing if its aliases multiply beyond bounds
 */
export function parseYaml(text: string, base: number): ParsedYaml {
  const control = forbidden.exec(text);
  if (control) {
    const message = "control characters are not allowed";
    const offset = control.index;
    return { syntaxFault: { message, offset, origin: offset, isTab: false } };
  }
  const builder = new YamlTreeBuilder(base);
  try {
    new YamlParser(text, builder).parse();
    return builder;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { syntaxFault: describe(error, text) };
  }
}

function describe(error: YamlError, text: string): SyntaxFault {
  const { mark, contextMark, source, message } = error;
  // go-yaml counts lines from 0 and adds one for the scanner's errors only.
  const line =
    mark.line === 0 ? (contextMark?.line ?? 0) : source === "scanner" ? mark.line + 1 : mark.line;
  const where = line === 0 || source === "reader" ? "" : `line ${line}: `;
  const isTab = message.includes("tab character") || text[mark.index] === "\t";
  const isUnended = unended.test(message) && !isTab;
  const origin = (isUnended ? contextMark?.index : undefined) ?? mark.index;
  return { message: where + message, offset: mark.index, origin, isTab };
}

/** What is noticed only where something else has begun already. */
const unended = /expected ':'|',' or|unexpected end of stream|unexpected document indicator/;

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

const tooDeep = "exceeded max depth of 10000";

/** Where the parser goes on behind the beginning of a collection. */
const collectionStates: Readonly<Partial<Record<TokenType, State>>> = {
  flowSequenceStart: "flowSequenceFirst",
  flowMappingStart: "flowMappingFirst",
  blockEntry: "indentlessEntry",
  blockSequenceStart: "blockSequenceFirst",
  blockMappingStart: "blockMappingFirst",
};

class YamlParser {
  private readonly scanner: YamlScanner;
  private readonly states: State[] = [];
  private readonly marks: Mark[] = [];
  private readonly anchors = new Set<string>();
  private state: State = "documentStart";

  constructor(
    text: string,
    private readonly builder: YamlTreeBuilder,
  ) {
    this.scanner = new YamlScanner(text);
  }

  parse(): void {
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
        this.builder.close();
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
        this.leaveOut("flowMappingKey");
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
        this.builder.empty();
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
      this.builder.alias(first);
      this.pop();
      return;
    }
    const properties = this.properties();
    const token = this.peek();
    if (token.type === "scalar") {
      this.scanner.skip();
      this.builder.scalar(token, properties ?? {});
      this.pop();
      return;
    }
    const state = collectionStates[token.type];
    const allowed = isBlock || state?.startsWith("flow");
    if (state && (token.type === "blockEntry" ? allowsIndentless : allowed)) {
      this.enter(state, token, properties ?? {});
      return;
    }
    if (!properties) this.fail("did not find expected node content", token, first.start);
    this.builder.empty(properties);
    this.pop();
  }

  private enter(state: State, { type, start }: Token, properties: NodeProperties): void {
    if (this.builder.isFull) throw new YamlError(tooDeep, start, "scanner", start);
    const isMap = type === "blockMappingStart" || type === "flowMappingStart";
    this.builder.open(isMap ? "map" : "list", start.index, properties);
    this.state = state;
  }

  /** An anchor and a tag, in either order. @returns undefined if there is neither */
  private properties(): NodeProperties | undefined {
    let found: NodeProperties | undefined;
    for (let count = 0; count < 2; count++) {
      const { type, text } = this.peek();
      if (type === "anchor") {
        this.anchors.add(text);
        found = { ...found, anchor: text };
      } else if (type === "tag") found = { ...found, tag: text };
      else break;
      this.scanner.skip();
    }
    return found;
  }

  private blockSequenceEntry(): void {
    const token = this.peek();
    if (token.type === "blockEntry") {
      this.scanner.skip();
      if (this.isNext("blockEntry", "blockEnd")) this.leaveOut("blockSequenceEntry");
      else this.child("blockSequenceEntry", true, false);
      return;
    }
    this.close("blockEnd", token, "did not find expected '-' indicator");
  }

  private indentlessEntry(): void {
    if (this.peek().type !== "blockEntry") {
      this.builder.close();
      this.pop();
      return;
    }
    this.scanner.skip();
    if (this.isNext("blockEntry", "key", "value", "blockEnd")) this.leaveOut("indentlessEntry");
    else this.child("indentlessEntry", true, false);
  }

  private blockMappingKey(): void {
    const token = this.peek();
    if (token.type === "key") {
      this.scanner.skip();
      if (this.isNext("key", "value", "blockEnd")) this.leaveOut("blockMappingValue");
      else this.child("blockMappingValue", true, true);
      return;
    }
    this.close("blockEnd", token, "did not find expected key");
  }

  private blockMappingValue(): void {
    const isThere = this.skips("value") && !this.isNext("key", "value", "blockEnd");
    if (isThere) this.child("blockMappingKey", true, true);
    else this.leaveOut("blockMappingKey");
  }

  private flowSequenceEntry(isFirst: boolean): void {
    if (!this.isNext("flowSequenceEnd")) {
      if (!isFirst) this.separator("did not find expected ',' or ']'");
      if (this.isNext("key")) {
        this.builder.open("map", this.peek().start.index);
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
    this.leaveOut("flowPairValue");
  }

  private flowPairValue(): void {
    const isThere = this.skips("value") && !this.isNext("flowEntry", "flowSequenceEnd");
    if (isThere) this.child("flowPairEnd", false, false);
    else this.leaveOut("flowPairEnd");
  }

  private flowMappingKey(isFirst: boolean): void {
    if (!this.isNext("flowMappingEnd")) {
      if (!isFirst) this.separator("did not find expected ',' or '}'");
      if (this.isNext("key")) {
        this.scanner.skip();
        if (this.isNext("value", "flowEntry", "flowMappingEnd")) this.leaveOut("flowMappingValue");
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
    const isThere = this.skips("value") && !this.isNext("flowEntry", "flowMappingEnd");
    if (isThere) this.child("flowMappingKey", false, false);
    else this.leaveOut("flowMappingKey");
  }

  /** Reads a node and goes on with `next` behind it. */
  private child(next: State, isBlock: boolean, allowsIndentless: boolean): void {
    this.states.push(next);
    this.node(isBlock, allowsIndentless);
  }

  /** An empty node stands where there is none. */
  private leaveOut(next: State): void {
    this.builder.empty();
    this.state = next;
  }

  private skips(type: TokenType): boolean {
    if (this.peek().type !== type) return false;
    this.scanner.skip();
    return true;
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
    this.builder.close(type === "blockEnd" ? undefined : token.end);
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
