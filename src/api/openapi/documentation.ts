// What Kubernetes says of its own kinds and fields, in its own words. The texts are gathered when the
// project is built (scripts/fieldDocs.mjs) and loaded only where someone asks.

/** The file's form: by definition ("core.v1.Pod") its own text and its fields', by query parameter. */
export interface DocumentationData {
  readonly definitions: Readonly<
    Record<string, readonly [text: string, fields: Readonly<Record<string, string>>] | undefined>
  >;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

export class Documentation {
  /** Says nothing of anything. */
  static readonly none = new Documentation(() => ({ definitions: {}, parameters: {} }));
  private loaded: DocumentationData | undefined;

  /** `load` runs when the first question comes. */
  constructor(private readonly load: () => DocumentationData) {}

  /** Of a definition, e.g. "core.v1.PodSpec". */
  ofDefinition(definition: string): string | undefined {
    return this.data.definitions[definition]?.[0] || undefined;
  }

  /** Of a field, e.g. "core.v1.PodSpec.nodeName". */
  ofField(path: string): string | undefined {
    const dot = path.lastIndexOf(".");
    return this.data.definitions[path.slice(0, dot)]?.[1][path.slice(dot + 1)];
  }

  /** Of a parameter in a query, e.g. "fieldSelector". */
  ofParameter(name: string): string | undefined {
    return this.data.parameters[name];
  }

  private get data(): DocumentationData {
    this.loaded ??= this.load();
    return this.loaded;
  }
}
