// The shape of manifests: outline and breadcrumbs, symbols of the workspace, folding, and selecting
// ever more.
import {
  DocumentSymbol,
  type DocumentSymbolProvider,
  FoldingRange,
  FoldingRangeKind,
  type FoldingRangeProvider,
  Location,
  languages,
  type Position,
  Range,
  SelectionRange,
  type SelectionRangeProvider,
  SymbolInformation,
  SymbolKind,
  type TextDocument,
  Uri,
  type WorkspaceSymbolProvider,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { OutlineSymbol } from "../language/outline.ts";
import { outlines } from "../language/yamlNeighbour.ts";
import { assistFor, neighbourFor } from "./assistChoice.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";
import { offsetToPosition } from "./offsetToPosition.ts";
import { rangeIn } from "./ranges.ts";

export class ManifestOutline
  implements
    DocumentSymbolProvider,
    WorkspaceSymbolProvider,
    FoldingRangeProvider,
    SelectionRangeProvider,
    Disposable
{
  private readonly owned = new DisposableStore();

  constructor(private readonly files: ManifestWorkspace) {
    const { owned } = this;
    // JSON has an outline and folds of VS Code's own.
    const yaml = { language: "yaml" };
    owned.add(languages.registerDocumentSymbolProvider(manifestSelector, this));
    owned.add(languages.registerWorkspaceSymbolProvider(this));
    owned.add(languages.registerFoldingRangeProvider(yaml, this));
    owned.add(languages.registerSelectionRangeProvider(yaml, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  async provideDocumentSymbols(document: TextDocument): Promise<DocumentSymbol[]> {
    if (!isManifest(document) || !outlines(assistFor(document), neighbourFor(document))) return [];
    const { outline } = await loadLanguage();
    return outline(document.getText()).map((symbol) => symbolOf(symbol, document));
  }

  async provideWorkspaceSymbols(query: string): Promise<SymbolInformation[]> {
    const { objects, names } = await this.files.index();
    const wanted = [...query.toLowerCase()];
    return [...objects.everything()].flatMap(({ uri, kind, name, namespace, range }) => {
      const text = names.textOf(uri);
      if (!range || text === undefined || !hasInOrder(`${kind}/${name}`, wanted)) return [];
      const at = new Range(
        ...offsetToPosition(text, range.start),
        ...offsetToPosition(text, range.end),
      );
      const location = new Location(Uri.parse(uri), at);
      return [new SymbolInformation(`${kind}/${name}`, SymbolKind.Class, namespace, location)];
    });
  }

  async provideFoldingRanges(document: TextDocument): Promise<FoldingRange[] | undefined> {
    if (!isManifest(document) || !outlines(assistFor(document), neighbourFor(document)))
      return undefined;
    const { folds } = await loadLanguage();
    return folds(document.getText())?.map(
      ({ start, end, isComment }) =>
        new FoldingRange(
          document.positionAt(start).line,
          document.positionAt(end).line,
          isComment ? FoldingRangeKind.Comment : undefined,
        ),
    );
  }

  async provideSelectionRanges(
    document: TextDocument,
    positions: readonly Position[],
  ): Promise<SelectionRange[] | undefined> {
    if (!isManifest(document)) return undefined;
    const { selectionRanges } = await loadLanguage();
    const text = document.getText();
    return positions.map((position) =>
      selectionRanges(text, document.offsetAt(position)).reduceRight<SelectionRange>(
        (parent, range) => new SelectionRange(rangeIn(document, range), parent),
        new SelectionRange(new Range(0, 0, document.lineCount, 0)),
      ),
    );
  }
}

const kinds: Readonly<Record<OutlineSymbol["type"], SymbolKind>> = {
  object: SymbolKind.Class,
  map: SymbolKind.Module,
  list: SymbolKind.Array,
  scalar: SymbolKind.Field,
};

function symbolOf(
  { name, detail, type, range, nameRange, children }: OutlineSymbol,
  document: TextDocument,
): DocumentSymbol {
  const symbol = new DocumentSymbol(
    name,
    detail,
    kinds[type],
    rangeIn(document, range),
    rangeIn(document, nameRange),
  );
  symbol.children = children.map((child) => symbolOf(child, document));
  return symbol;
}

/** As the picker matches: the characters in their order, others in between. */
function hasInOrder(text: string, characters: readonly string[]): boolean {
  const lower = text.toLowerCase();
  let at = 0;
  return characters.every((character) => {
    at = lower.indexOf(character, at) + 1;
    return at > 0;
  });
}
