// Help with writing manifests: what may stand here, what a field is, and how to mend what is wrong.
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  CompletionItem,
  CompletionItemKind,
  type CompletionItemProvider,
  Hover,
  type HoverProvider,
  type CompletionItem as Item,
  languages,
  MarkdownString,
  type Position,
  type Range,
  type TextDocument,
  type Uri,
  WorkspaceEdit,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Completion } from "../language/completion.ts";
import type { FieldHover } from "../language/hover.ts";
import type { Problem } from "../language/problem.ts";
import { completes } from "./assistChoice.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import type { FieldDocumentation } from "./fieldDocumentation.ts";
import { fixTitle } from "./hintText.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import { text as plainMarkdown } from "./markdown.ts";
import { rangeIn } from "./ranges.ts";

export interface AssistWorld {
  readonly documentation: FieldDocumentation;
  readonly objects: ClusterObjects;
  /** The problems that were found last. */
  problemsOf(uri: Uri): readonly Problem[];
}

export class ManifestAssist
  implements CompletionItemProvider, HoverProvider, CodeActionProvider, Disposable
{
  private readonly owned = new DisposableStore();

  constructor(private readonly world: AssistWorld) {
    const { owned } = this;
    owned.add(languages.registerCompletionItemProvider(manifestSelector, this, " ", ":", "-"));
    owned.add(languages.registerHoverProvider(manifestSelector, this));
    owned.add(
      languages.registerCodeActionsProvider(manifestSelector, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  async provideCompletionItems(document: TextDocument, position: Position): Promise<Item[]> {
    if (!isManifest(document) || !completes(document.uri)) return [];
    const { completionsAt, referencedKinds } = await loadLanguage();
    const { objects } = this.world;
    const [documentation] = await Promise.all([
      this.world.documentation.load(),
      objects.refresh(referencedKinds),
    ]);
    const offset = document.offsetAt(position);
    return completionsAt(document.getText(), offset, objects.names).map((completion) =>
      itemOf(
        completion,
        document,
        completion.documentation && documentation.ofField(completion.documentation),
      ),
    );
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    if (!isManifest(document) || !completes(document.uri)) return undefined;
    const { hoverAt, parseManifest } = await loadLanguage();
    const documentation = await this.world.documentation.load();
    const offset = document.offsetAt(position);
    const place = parseManifest(document.getText()).find(
      ({ place: { start, end } }) => offset >= start && offset <= end,
    );
    const found = place && hoverAt(place, offset, documentation);
    return found && new Hover(hoverText(found), rangeIn(document, found.range));
  }

  async provideCodeActions(document: TextDocument, range: Range): Promise<CodeAction[]> {
    const { quickFixes } = await loadLanguage();
    const text = document.getText();
    return this.world
      .problemsOf(document.uri)
      .filter((problem) => rangeIn(document, problem).intersection(range))
      .flatMap((problem) => quickFixes(problem, text))
      .map(({ title, edits }) => {
        const action = new CodeAction(fixTitle(title), CodeActionKind.QuickFix);
        action.edit = new WorkspaceEdit();
        for (const edit of edits)
          action.edit.replace(document.uri, rangeIn(document, edit), edit.newText);
        return action;
      });
  }
}

const itemKinds: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
};

function itemOf(
  { label, newText, range, kind, detail, isRequired }: Completion,
  document: TextDocument,
  text: string | undefined,
): CompletionItem {
  const item = new CompletionItem(label, itemKinds[kind]);
  item.insertText = newText;
  item.range = rangeIn(document, range);
  item.detail = detail;
  // What must be there comes first.
  item.sortText = `${isRequired ? "0" : "1"}${label}`;
  if (text) item.documentation = new MarkdownString(plainMarkdown(text));
  return item;
}

function hoverText({
  path,
  type,
  text,
  choices,
  isRequired,
  effective,
}: FieldHover): MarkdownString {
  const lines = [
    `\`${path}\` · ${type}${isRequired ? ` · ${l10n.t("required")}` : ""}`,
    ...(text === "" ? [] : [plainMarkdown(text)]),
    ...(choices.length === 0
      ? []
      : [l10n.t("One of {0}.", choices.map((choice) => `\`${choice}\``).join(", "))]),
    ...(effective === undefined
      ? []
      : [l10n.t("The server stores {0}.", `\`${JSON.stringify(effective)}\``)]),
  ];
  return new MarkdownString(lines.join("\n\n"));
}
