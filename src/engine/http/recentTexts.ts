// The texts of objects that were written last: a change goes to many watchers as the same bytes.
// Source: the idea of apimachinery's CacheableObject.

/** How many are kept: watchers of one change are served close to one another. */
const kept = 256;

export class RecentTexts {
  private readonly texts = new Map<object, string>();

  /** `make` is called unless the object's text is still known. The object never changes. */
  textOf(object: object, make: () => string): string {
    const known = this.texts.get(object);
    if (known !== undefined) return known;
    const text = make();
    this.texts.set(object, text);
    const [oldest] = this.texts.keys();
    if (this.texts.size > kept && oldest !== undefined) this.texts.delete(oldest);
    return text;
  }
}
