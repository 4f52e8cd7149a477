// Live objects as read-only documents: kube://cluster/<apiVersion>/<plural>/<namespace>/<name>.yaml,
// written anew whenever the object changes.
import {
  EventEmitter,
  languages,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/object.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Cluster } from "../client/cluster.ts";
import { Informer } from "../client/informer.ts";
import { objectScheme } from "./commandIds.ts";
import { loadLanguage } from "./loadLanguage.ts";

const refreshIntervalMs = 250;

/** What a document's address names. */
interface Address {
  readonly apiVersion: string;
  readonly plural: string;
  readonly key: ObjectKey;
}

interface LiveObject extends Disposable {
  text(): Promise<string>;
}

export class ObjectDocuments implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<Uri>());
  readonly onDidChange = this.changes.event;
  private readonly live = new Map<string, LiveObject>();
  private cluster: Cluster | undefined;

  constructor(private readonly ready: () => Promise<Cluster>) {
    this.owned.add(workspace.registerTextDocumentContentProvider(objectScheme, this));
    this.owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === objectScheme) this.forget(uri.toString());
      }),
    );
  }

  /** Another cluster, or none: what is open is read again. */
  follow(cluster: Cluster | undefined): void {
    this.cluster = cluster;
    for (const [id, object] of [...this.live]) {
      object.dispose();
      this.live.delete(id);
      if (cluster) this.changes.fire(Uri.parse(id));
    }
  }

  async open<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<void> {
    const document = await workspace.openTextDocument(objectUri(kind, key));
    await languages.setTextDocumentLanguage(document, "yaml");
    await window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const cluster = this.cluster ?? (await this.ready());
    const id = uri.toString();
    const object = this.live.get(id) ?? (await this.watch(uri, cluster));
    this.live.set(id, object);
    return object.text();
  }

  dispose(): void {
    for (const object of this.live.values()) object.dispose();
    this.live.clear();
    this.owned.dispose();
  }

  private forget(id: string): void {
    this.live.get(id)?.dispose();
    this.live.delete(id);
  }

  private async watch(uri: Uri, { client }: Cluster): Promise<LiveObject> {
    const { builtInKinds, yamlOf } = await loadLanguage();
    const { apiVersion, plural, key } = addressOf(uri);
    const kind = builtInKinds.find((one) => one.apiVersion === apiVersion && one.plural === plural);
    if (!kind) return { text: async () => "", dispose: () => undefined };
    const informer = new Informer(client, kind, {
      query: {
        ...(key.namespace === "" ? {} : { namespace: key.namespace }),
        fieldSelector: `metadata.name=${key.name}`,
      },
    });
    const store = new DisposableStore();
    store.add(informer);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const synced = new Promise<void>((resolve) => {
      store.add(informer.onChange(() => resolve()));
      store.add({ dispose: resolve });
    });
    await synced;
    store.add(
      informer.onChange(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          this.changes.fire(uri);
        }, refreshIntervalMs);
      }),
    );
    store.add({ dispose: () => clearTimeout(timer) });
    return {
      async text() {
        const object = informer.get(key);
        return object
          ? yamlOf(object)
          : `# ${l10n.t("{0} does not exist any more.", `${kind.singular}/${key.name}`)}\n`;
      },
      dispose: () => store.dispose(),
    };
  }
}

/** The address of the document that shows an object. */
export function objectUri<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Uri {
  const path = [kind.apiVersion.replace("/", "~"), kind.plural, key.namespace || "~", key.name];
  return Uri.from({ scheme: objectScheme, authority: "cluster", path: `/${path.join("/")}.yaml` });
}

function addressOf({ path }: Uri): Address {
  const [, apiVersion = "", plural = "", namespace = "", file = ""] = path.split("/");
  return {
    apiVersion: apiVersion.replace("~", "/"),
    plural,
    key: { namespace: namespace === "~" ? "" : namespace, name: file.replace(/\.yaml$/, "") },
  };
}
