// The API server's door: open while kube-apiserver serves, so that clients are refused while it does not.
// Windows of the editor have one of their own, from which the cluster is controlled in any case.
import type { Disposable } from "../../base/disposable.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import type { HttpsDoor } from "./nodeHttps.ts";

export interface ServedDoorOptions {
  /** 0 for any that is free; it stays the same then. */
  readonly port: number;
  /** Rejects if the port is taken. */
  open(port: number): Promise<HttpsDoor>;
  readonly apiServer: Pick<ApiServer, "isServing" | "onServing">;
}

export class ServedDoor {
  private readonly listening: Disposable;
  private isOver = false;
  /** Openings and closings follow one another. */
  private turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: ServedDoorOptions,
    private door: HttpsDoor | undefined,
    private readonly windows: HttpsDoor,
    readonly url: string,
  ) {
    this.listening = options.apiServer.onServing(() => this.follow());
    this.follow();
  }

  /** Rejects if the port is taken. */
  static async open(options: ServedDoorOptions): Promise<ServedDoor> {
    const door = await options.open(options.port);
    return new ServedDoor(options, door, await options.open(0), door.url);
  }

  /** Where windows of the editor find the cluster. */
  get windowUrl(): string {
    return this.windows.url;
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.listening.dispose();
    await this.turn;
    await Promise.all([this.door?.close(), this.windows.close()]);
  }

  private follow(): void {
    this.turn = this.turn.then(() => this.settle());
  }

  private async settle(): Promise<void> {
    const { apiServer, open } = this.options;
    if (this.isOver || apiServer.isServing === (this.door !== undefined)) return;
    if (apiServer.isServing) this.door = await open(Number(new URL(this.url).port));
    else {
      const closing = this.door;
      this.door = undefined;
      await closing?.close();
    }
  }
}
