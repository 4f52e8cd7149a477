// kube-scheduler's configuration as a file that one edits: saving it applies it.
import {
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  Disposable as VsDisposable,
  window,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Simulator } from "../client/cluster.ts";
import { configurationScheme } from "./commandIds.ts";

const file = Uri.from({ scheme: configurationScheme, path: "/kube-scheduler.yaml" });

export class SchedulerPolicy implements FileSystemProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<FileChangeEvent[]>());
  readonly onDidChangeFile = this.changes.event;
  private modifiedAt = 0;

  constructor(private readonly ready: () => Promise<Simulator>) {
    this.owned.add(
      workspace.registerFileSystemProvider(configurationScheme, this, { isCaseSensitive: true }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  async edit(): Promise<void> {
    const document = await workspace.openTextDocument(file);
    await window.showTextDocument(document);
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    checkPath(uri);
    const simulator = await this.ready();
    return new TextEncoder().encode(await simulator.schedulerConfiguration());
  }

  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    checkPath(uri);
    const simulator = await this.ready();
    const problems = await simulator.setSchedulerConfiguration(new TextDecoder().decode(content));
    if (problems.length > 0)
      throw FileSystemError.Unavailable(
        l10n.t("kube-scheduler goes on as before: {0}", problems.join("; ")),
      );
    this.modifiedAt++;
    this.changes.fire([{ type: FileChangeType.Changed, uri }]);
    window.setStatusBarMessage(l10n.t("kube-scheduler runs by the new configuration."), 5_000);
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { byteLength: size } = await this.readFile(uri);
    return { type: FileType.File, ctime: 0, mtime: this.modifiedAt, size };
  }

  watch(): VsDisposable {
    return new VsDisposable(() => undefined);
  }

  readDirectory(): [string, FileType][] {
    return [["kube-scheduler.yaml", FileType.File]];
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
}

function checkPath(uri: Uri): void {
  if (uri.path !== file.path) throw FileSystemError.FileNotFound(uri);
}
