// A body of JSON values, one a line, as they arrive.

/** Each batch holds the lines that came together. A last line without its end is dropped: it is torn. */
export async function* jsonLines<Item>(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly Item[], void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      const items = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Item);
      if (items.length > 0) yield items;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
