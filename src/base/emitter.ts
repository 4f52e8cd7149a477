// Events of the shape that VS Code uses: a function that takes a listener and returns a Disposable.
import { type Disposable, disposable } from "./disposable.ts";

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Delivers each fired value to the listeners of that moment, in the order they subscribed. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.listeners.add(own);
    return disposable(() => this.listeners.delete(own));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
