// Ownership of things that must be given back: listeners, timers, watches.

export interface Disposable {
  /** Gives the resource back. Safe to call twice. */
  dispose(): void;
}

/** Wraps `release` so that it runs once, however often `dispose` is called. */
export function disposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose() {
      if (released) return;
      released = true;
      release();
    },
  };
}

/** Owns children and disposes them in reverse order; what is added after disposal dies at once. */
export class DisposableStore implements Disposable {
  private readonly children: Disposable[] = [];
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  add<D extends Disposable>(child: D): D {
    if (this.disposed) child.dispose();
    else this.children.push(child);
    return child;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const child of this.children.splice(0).reverse()) child.dispose();
  }
}
