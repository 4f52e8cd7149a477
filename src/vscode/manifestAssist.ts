// Help with writing manifests: what may stand here, what a field is, and how to mend what is wrong.
import {
  CompletionItem,
  CompletionItemKind,
  type CompletionItemProvider,
  Hover,
  type HoverProvider,
  type CompletionItem as Item,
  languages,
  MarkdownString,
  type Position,
  SnippetString,
  type TextDocument,
} from "vscode";
import type { Documentation } from "../api/openapi/documentation.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Completion } from "../language/completion/offer.ts";
import type { KnownNames } from "../language/completion/question.ts";
import type { FieldHover } from "../language/hover.ts";
import { completes } from "../language/yamlNeighbour.ts";
import { assistFor, neighbourFor } from "./assistChoice.ts";
import type { FieldDocumentation } from "./fieldDocumentation.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import { looksBlank } from "./manifestSniff.ts";
import { text as plainMarkdown } from "./markdown.ts";
import { rangeIn } from "./ranges.ts";

export interface AssistWorld {
  readonly documentation: FieldDocumentation;
  readonly checks: ManifestChecks;
  names(): Promise<KnownNames>;
}

export class ManifestAssist implements CompletionItemProvider, HoverProvider, Disposable {
  private readonly owned = new DisposableStore();

  constructor(private readonly world: AssistWorld) {
    const { owned } = this;
    owned.add(languages.registerCompletionItemProvider(manifestSelector, this, ...triggers));
    owned.add(languages.registerHoverProvider(manifestSelector, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  async provideCompletionItems(document: TextDocument, position: Position): Promise<Item[]> {
    if (
      !(isManifest(document) || isBegun(document)) ||
      !completes(assistFor(document), neighbourFor(document))
    )
      return [];
    const { completionsAt } = await loadLanguage();
    const [documentation, known] = await Promise.all([
      this.world.documentation.load(),
      this.world.names(),
    ]);
    const offset = document.offsetAt(position);
    return completionsAt(document.getText(), offset, known).map((completion, i) =>
      itemOf(completion, i, document, documentation),
    );
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    if (!isManifest(document) || !completes(assistFor(document), neighbourFor(document)))
      return undefined;
    const { hoverAt } = await loadLanguage();
    const documentation = await this.world.documentation.load();
    const { custom } = this.world.checks;
    const found = hoverAt(document.getText(), document.offsetAt(position), {
      documentation,
      ...(custom ? { custom } : {}),
    });
    return found && new Hover(hoverText(found), rangeIn(document, found.range));
  }
}

/** What may be followed by a key or a value. */
const triggers = [" ", "-", "{", "[", ",", '"'];

/** True where a manifest may begin. */
function isBegun(document: TextDocument): boolean {
  return document.languageId === "yaml" && looksBlank(document.getText());
}

const itemKinds: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
  manifest: CompletionItemKind.Snippet,
};

function itemOf(
  completion: Completion,
  index: number,
  document: TextDocument,
  documentation: Documentation,
): CompletionItem {
  const { label, newText, isSnippet, range, kind, detail, isRequired, preview } = completion;
  const item = new CompletionItem(label, itemKinds[kind]);
  item.insertText = isSnippet ? new SnippetString(newText) : newText;
  // The columns are those of the text already.
  item.keepWhitespace = true;
  item.range = rangeIn(document, range);
  // What is typed may begin with a quote.
  const [first = ""] = document.getText(item.range);
  if (/["']/.test(first)) item.filterText = first + label;
  item.detail = detail;
  if (completion.opensMore) item.command = { command: "editor.action.triggerSuggest", title: "" };
  // What must be there comes first.
  item.sortText = `${isRequired ? "0" : "1"}${String(index).padStart(5, "0")}`;
  const field = completion.documentation;
  const text = (field && documentation.ofField(field)) ?? completion.description;
  if (text) item.documentation = new MarkdownString(plainMarkdown(text));
  if (preview) item.documentation = new MarkdownString().appendCodeblock(preview, "yaml");
  return item;
}

function hoverText(hover: FieldHover): MarkdownString {
  const { path, type, text, choices, isRequired, effective, added } = hover;
  const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
  const lines = [
    `\`${path}\` · ${type}${isRequired ? ` · ${l10n.t("required")}` : ""}`,
    ...(text === "" ? [] : [plainMarkdown(text)]),
    ...(choices.length === 0
      ? []
      : [l10n.t("One of {0}.", choices.map((choice) => `\`${choice}\``).join(", "))]),
    ...(hover.default === undefined ? [] : [l10n.t("Default: {0}.", code(hover.default))]),
    ...(effective === undefined ? [] : [l10n.t("The server stores {0}.", code(effective))]),
    ...(added.length === 0
      ? []
      : [
          l10n.t(
            "The server adds {0}.",
            added.map(([name, value]) => `\`${name}\` ${code(value)}`).join(", "),
          ),
        ]),
  ];
  return new MarkdownString(lines.join("\n\n"));
}
