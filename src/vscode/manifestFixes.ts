// How to mend what is marked in a manifest: what the server refuses, what a rule found, and what keeps the
// scheduler from placing a Pod.
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  languages,
  type Range,
  type TextDocument,
  type Uri,
  WorkspaceEdit,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import { fixTitle } from "../language/hintText.ts";
import type { Problem } from "../language/problem.ts";
import type { RuleProblem } from "../language/rules/index.ts";
import type { SchedulingForecast } from "../language/scheduling.ts";
import type { TextEdit } from "../language/treeEdits.ts";
import { remedySentence } from "../tutor/schedulingSentences.ts";
import { settings } from "./commandIds.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { manifestSelector } from "./manifestSelector.ts";
import { rangeIn } from "./ranges.ts";

/** What was found last in a document that is open. */
export interface FixesWorld {
  problemsOf(uri: Uri): readonly Problem[];
  ruleProblemsOf(uri: Uri): readonly RuleProblem[];
  forecastsOf(uri: Uri): readonly SchedulingForecast[];
}

export class ManifestFixes implements CodeActionProvider, Disposable {
  private readonly owned = new DisposableStore();

  constructor(private readonly world: FixesWorld) {
    this.owned.add(
      languages.registerCodeActionsProvider(manifestSelector, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  async provideCodeActions(document: TextDocument, range: Range): Promise<CodeAction[]> {
    const { quickFixes, remedyEdits } = await loadLanguage();
    const { uri } = document;
    const { world } = this;
    const text = document.getText();
    const isHere = (place: { readonly start: number; readonly end: number }): boolean =>
      rangeIn(document, place).intersection(range) !== undefined;
    const fixes = world
      .problemsOf(uri)
      .filter(isHere)
      .flatMap((problem) => quickFixes(problem, text))
      .map(({ title, edits }) => actionOf(fixTitle(title), edits, document));
    const ruleFixes = world
      .ruleProblemsOf(uri)
      .filter(isHere)
      .flatMap((problem) => ruleActions(problem, document));
    const remedies = world
      .forecastsOf(uri)
      .filter(({ blame }) => blame && isHere(blame))
      .flatMap(({ remedies, template }) =>
        remedies.flatMap((remedy) => {
          const edits = remedyEdits(remedy, template, text);
          return edits ? [actionOf(remedySentence(remedy), edits, document)] : [];
        }),
      );
    return [...fixes, ...remedies, ...ruleFixes];
  }
}

function ruleActions(
  { rule, replacements, start, end }: RuleProblem,
  document: TextDocument,
): CodeAction[] {
  const fixes = replacements.map((newText) => {
    const title = fixTitle({ key: "fix.replace", args: [newText] });
    return actionOf(title, [{ start, end, newText }], document);
  });
  const title = l10n.t("Change how the rule {0} is told", rule);
  const change = new CodeAction(title, CodeActionKind.QuickFix);
  change.command = {
    title,
    command: "workbench.action.openSettings",
    arguments: [settings.rules],
  };
  return [...fixes, change];
}

function actionOf(title: string, edits: readonly TextEdit[], document: TextDocument): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  for (const edit of edits)
    action.edit.replace(document.uri, rangeIn(document, edit), edit.newText);
  return action;
}
