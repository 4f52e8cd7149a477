// Where names are made and used in many texts. A text is read once somebody asks for a name that occurs
// in it.
import { contains, objectsOf } from "../fields.ts";
import { legibleDocuments } from "../ownDocuments.ts";

import { anchorMentions } from "./anchorMentions.ts";
import { isNamesake, type Mention, type Sort, writtenName } from "./mention.ts";
import { objectMentions } from "./objectMentions.ts";

/** Names in texts, by address. */
export interface Mentions {
  /** The narrowest names at the offset: a port may be both a Service's and a container's. */
  at(uri: string, offset: number): readonly Mention[];
  in(uri: string): readonly Mention[];
  /** All of the same sort, kind and spelling, itself among them. */
  namesakes(mention: Mention): readonly Mention[];
  /** Where such names are made. */
  definitions(sort: Sort, kind: string): readonly Mention[];
  textOf(uri: string): string | undefined;
}

interface IndexedText {
  readonly text: string;
  mentions?: readonly Mention[];
}

export class MentionIndex implements Mentions {
  private readonly texts = new Map<string, IndexedText>();

  /** Takes over a text, in place of what it was before. */
  set(uri: string, text: string): void {
    if (this.texts.get(uri)?.text !== text) this.texts.set(uri, { text });
  }

  delete(uri: string): void {
    this.texts.delete(uri);
  }

  textOf(uri: string): string | undefined {
    return this.texts.get(uri)?.text;
  }

  at(uri: string, offset: number): readonly Mention[] {
    const around = this.in(uri).filter(({ range }) => contains(range, offset));
    const narrowest = Math.min(...around.map(sizeOf));
    return around.filter((mention) => sizeOf(mention) === narrowest);
  }

  in(uri: string): readonly Mention[] {
    const indexed = this.texts.get(uri);
    if (!indexed) return [];
    indexed.mentions ??= mentionsIn(indexed.text, uri);
    return indexed.mentions;
  }

  namesakes(mention: Mention): readonly Mention[] {
    const word = writtenName(mention);
    const found: Mention[] = [];
    for (const [uri, { text }] of this.texts)
      if (text.includes(word))
        for (const each of this.in(uri)) if (isNamesake(each, mention)) found.push(each);
    return found;
  }

  definitions(sort: Sort, kind: string): readonly Mention[] {
    const word = wordsOf[sort] ?? kind;
    return [...this.texts].flatMap(([uri, { text }]) =>
      text.includes(word)
        ? this.in(uri).filter(
            (each) => each.role === "definition" && each.sort === sort && each.kind === kind,
          )
        : [],
    );
  }
}

/** What a text has that makes such a name; else the kind itself. */
const wordsOf: Readonly<Partial<Record<Sort, string>>> = {
  label: "labels",
  containerPort: "containerPort",
};

/** Several as one. */
export function mentionsOfAll(...sources: readonly Mentions[]): Mentions {
  return {
    at: (uri, offset) => sources.flatMap((source) => source.at(uri, offset)),
    in: (uri) => sources.flatMap((source) => source.in(uri)),
    namesakes: (mention) => sources.flatMap((source) => source.namesakes(mention)),
    definitions: (sort, kind) => sources.flatMap((source) => source.definitions(sort, kind)),
    textOf: (uri) => sources.map((source) => source.textOf(uri)).find((text) => text !== undefined),
  };
}

function mentionsIn(text: string, uri: string): readonly Mention[] {
  const mentions = legibleDocuments(text)
    .filter(({ syntax }) => syntax.length === 0)
    .flatMap((document) => [
      ...objectsOf(document).flatMap((object) => objectMentions(object, uri)),
      ...anchorMentions(text, document.place, uri),
    ]);
  return unique(mentions);
}

/** What an alias repeats stands in the text once. */
function unique(mentions: readonly Mention[]): readonly Mention[] {
  const seen = new Set<string>();
  return mentions.filter(({ sort, role, kind, object, range }) => {
    const key = `${sort} ${role} ${kind} ${object} ${range.start} ${range.end}`;
    return !seen.has(key) && seen.add(key);
  });
}

function sizeOf({ range: { start, end } }: Mention): number {
  return end - start;
}
