// Kubernetes' own words on its fields, from the file that the build puts beside the bundle.
import { Uri, workspace } from "vscode";
import { Documentation, type DocumentationData } from "../api/openapi/documentation.ts";

export class FieldDocumentation {
  private loading: Promise<Documentation> | undefined;

  constructor(private readonly extensionUri: Uri) {}

  load(): Promise<Documentation> {
    this.loading ??= this.read();
    return this.loading;
  }

  private async read(): Promise<Documentation> {
    const file = Uri.joinPath(this.extensionUri, "dist/fieldDocs.json");
    try {
      const text = new TextDecoder().decode(await workspace.fs.readFile(file));
      const data = JSON.parse(text) as DocumentationData;
      return new Documentation(() => data);
    } catch {
      // A build without the file has no words, but everything else.
      return Documentation.none;
    }
  }
}
