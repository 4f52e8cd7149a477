// From the names in manifests to where they are made, to all who use them, and to other names: across
// the workspace, and into the cluster.
import {
  type DefinitionProvider,
  DocumentHighlight,
  DocumentHighlightKind,
  type DocumentHighlightProvider,
  Location,
  type LocationLink,
  languages,
  type Position,
  Range,
  type ReferenceContext,
  type ReferenceProvider,
  type RenameProvider,
  type TextDocument,
  Uri,
  WorkspaceEdit,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { Range as Offsets } from "../base/yaml/yamlTree.ts";
import { refusalOfRename } from "../language/hintText.ts";
import type { Mention } from "../language/names/mention.ts";
import type { Mentions } from "../language/names/mentionIndex.ts";
import type { ClusterNames } from "./clusterNames.ts";
import { objectScheme } from "./commandIds.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";
import { offsetToPosition } from "./offsetToPosition.ts";
import { rangeIn } from "./ranges.ts";

export class ManifestNavigation
  implements
    DefinitionProvider,
    ReferenceProvider,
    DocumentHighlightProvider,
    RenameProvider,
    Disposable
{
  private readonly owned = new DisposableStore();

  constructor(
    private readonly files: ManifestWorkspace,
    private readonly cluster: ClusterNames,
  ) {
    const { owned } = this;
    owned.add(languages.registerDefinitionProvider(manifestSelector, this));
    owned.add(languages.registerReferenceProvider(manifestSelector, this));
    owned.add(languages.registerDocumentHighlightProvider(manifestSelector, this));
    owned.add(languages.registerRenameProvider(manifestSelector, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** What the workspace does not make may live in the cluster. */
  async provideDefinition(document: TextDocument, position: Position): Promise<LocationLink[]> {
    const { definitionsOf } = await loadLanguage();
    const names = await this.namesAround(document);
    const at = names?.at(document.uri.toString(), document.offsetAt(position)) ?? [];
    for (const known of names ? [names, await this.everywhere(names)] : []) {
      const links = at.flatMap((mention) =>
        definitionsOf(mention, known).map((made) => ({
          originSelectionRange: rangeIn(document, mention.range),
          ...locationOf(made, known),
        })),
      );
      if (links.length > 0)
        return links.map(({ uri, range, originSelectionRange }) => ({
          originSelectionRange,
          targetUri: uri,
          targetRange: range,
        }));
    }
    return [];
  }

  async provideReferences(
    document: TextDocument,
    position: Position,
    { includeDeclaration }: ReferenceContext,
  ): Promise<Location[]> {
    const { referencesOf } = await loadLanguage();
    const names = await this.namesAround(document);
    if (!names) return [];
    const known = await this.everywhere(names);
    return names
      .at(document.uri.toString(), document.offsetAt(position))
      .flatMap((mention) => referencesOf(mention, known))
      .filter(({ role }) => includeDeclaration || role === "use")
      .map((mention) => locationOf(mention, known));
  }

  /** Undefined where no name is: VS Code then lights up equal words. */
  async provideDocumentHighlights(
    document: TextDocument,
    position: Position,
  ): Promise<DocumentHighlight[] | undefined> {
    const { MentionIndex, referencesOf } = await loadLanguage();
    if (!looksAt(document)) return undefined;
    const id = document.uri.toString();
    const names = new MentionIndex();
    names.set(id, document.getText());
    const highlights = names
      .at(id, document.offsetAt(position))
      .flatMap((mention) => referencesOf(mention, names))
      .map(
        ({ range, role }) =>
          new DocumentHighlight(
            rangeIn(document, range),
            role === "definition" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
          ),
      );
    return highlights.length > 0 ? highlights : undefined;
  }

  /** @throws Error with the reason why there is nothing to rename */
  async prepareRename(
    document: TextDocument,
    position: Position,
  ): Promise<{ readonly range: Range; readonly placeholder: string } | undefined> {
    if (!isManifest(document)) return undefined;
    const { renameTarget } = await loadLanguage();
    const { names } = await this.files.index();
    const target = renameTarget(document.uri.toString(), document.offsetAt(position), names);
    if ("refusal" in target) throw new Error(refusalOfRename(target.refusal));
    return { range: rangeIn(document, target.range), placeholder: target.name };
  }

  /** @throws Error with the reason why it cannot have the name */
  async provideRenameEdits(
    document: TextDocument,
    position: Position,
    newName: string,
  ): Promise<WorkspaceEdit | undefined> {
    if (!isManifest(document)) return undefined;
    const { renameEdits } = await loadLanguage();
    const { names } = await this.files.index();
    const id = document.uri.toString();
    const edits = renameEdits(id, document.offsetAt(position), newName, names);
    if ("refusal" in edits) throw new Error(refusalOfRename(edits.refusal));
    const change = new WorkspaceEdit();
    for (const [uri, list] of edits)
      for (const { newText, ...range } of list)
        change.replace(Uri.parse(uri), rangeOf(uri, range, names), newText);
    return change;
  }

  /** The workspace's names, or the cluster's for a document that shows what lives there. */
  private async namesAround(document: TextDocument): Promise<Mentions | undefined> {
    if (!looksAt(document)) return undefined;
    const isLive = document.uri.scheme === objectScheme;
    return isLive ? this.cluster.names() : (await this.files.index()).names;
  }

  private async everywhere(names: Mentions): Promise<Mentions> {
    const { mentionsOfAll } = await loadLanguage();
    const [own, live] = await Promise.all([this.files.index(), this.cluster.names()]);
    return mentionsOfAll(...new Set([names, own.names, ...(live ? [live] : [])]));
  }
}

function looksAt(document: TextDocument): boolean {
  return document.uri.scheme === objectScheme || isManifest(document);
}

function locationOf({ uri, range }: Mention, names: Mentions): Location {
  return new Location(Uri.parse(uri), rangeOf(uri, range, names));
}

/** In a text that no editor may have open. */
function rangeOf(uri: string, { start, end }: Offsets, names: Mentions): Range {
  const text = names.textOf(uri) ?? "";
  return new Range(...offsetToPosition(text, start), ...offsetToPosition(text, end));
}
