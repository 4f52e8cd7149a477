// Reads the texts for people out of the sources, as the extraction tools do.
import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** A place in the sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface Messages {
  /** First arguments of l10n.t. */
  readonly texts: ReadonlyMap<string, Place>;
  /** Calls of l10n.t whose text is not a literal, so that no tool can extract it. */
  readonly unreadable: readonly Place[];
  /** Literals that VS Code shows to the user without passing l10n.t. */
  readonly untranslated: readonly (Place & { readonly text: string })[];
}

/** Functions of vscode whose text arguments are shown to the user. */
const showing = new Set(["showInformationMessage", "showWarningMessage", "showErrorMessage"]);

/** Properties of vscode's objects that are shown to the user. */
const shown = new Set(["title", "placeHolder", "prompt", "detail", "tooltip"]);

export function readMessages(pattern: string): Messages {
  const found: Found = { texts: new Map(), unreadable: [], untranslated: [] };
  for (const file of globSync(pattern)) {
    const text = readFileSync(file, "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) readCall(node, found);
      if (ts.isPropertyAssignment(node)) readProperty(node, found);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

interface Found extends Messages {
  readonly texts: Map<string, Place>;
  readonly unreadable: Place[];
  readonly untranslated: (Place & { readonly text: string })[];
}

function readCall(call: ts.CallExpression, found: Found): void {
  const [first] = call.arguments;
  if (!first) return;
  if (isLocalizing(call)) {
    if (ts.isStringLiteralLike(first)) found.texts.set(first.text, placeOf(first));
    else found.unreadable.push(placeOf(first));
  } else if (showing.has(nameOf(call)) && isText(first))
    found.untranslated.push({ ...placeOf(first), text: first.getText() });
}

function readProperty(property: ts.PropertyAssignment, found: Found): void {
  if (shown.has(property.name.getText()) && isText(property.initializer))
    found.untranslated.push({ ...placeOf(property), text: property.initializer.getText() });
}

function placeOf(node: ts.Node): Place {
  const source = node.getSourceFile();
  return {
    file: source.fileName,
    line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
  };
}

function isLocalizing({ expression }: ts.CallExpression): boolean {
  return expression.getText() === "l10n.t";
}

function nameOf({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

/** A literal with a word in it. */
function isText(node: ts.Node): boolean {
  const isLiteral = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return isLiteral && /[A-Za-z]{3}/.test(node.getText().replace(/\$\{[^}]*\}|\$\([a-z-]+\)/g, ""));
}
