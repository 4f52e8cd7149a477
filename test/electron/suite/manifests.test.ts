import assert from "node:assert/strict";
import { type Diagnostic, DiagnosticSeverity, type Range } from "vscode";
import { diagnosticsOf, example, openExample, replaceText } from "../extension.ts";

describe("a broken manifest", () => {
  it("is marked at the wrong words, with the server's message and a hint", async () => {
    await openExample("broken.yaml");
    const found = await diagnosticsOf(example("broken.yaml"), ({ length }) => length > 0);
    assert.deepEqual(found.map(summary).sort(), [
      '11:7-13 error unknownField: unknown field "spec.containers[0].poarts" | Did you mean ports?',
      "7:34-38 error wrongType: json: cannot unmarshal string into Go struct field " +
        "PodSpec.spec.terminationGracePeriodSeconds of type int64 | Found string, wanted int64.",
    ]);
  });

  it("is no longer marked once it is mended", async () => {
    const editor = await openExample("broken.yaml");
    const text = editor.document.getText();
    await diagnosticsOf(editor.document.uri, ({ length }) => length === 2);
    await replaceText(editor, text.replace("poarts", "ports").replace(": soon", ": 5"));
    await diagnosticsOf(editor.document.uri, ({ length }) => length === 0);
    await replaceText(editor, text);
    await diagnosticsOf(editor.document.uri, ({ length }) => length === 2);
  });

  it("is the only marked file of the examples", async () => {
    for (const name of ["pod.yaml", "web.yaml", "multi.yaml", "too-big.yaml"]) {
      await openExample(name);
      assert.deepEqual(await diagnosticsOf(example(name), ({ length }) => length === 0), []);
    }
  });
});

/** "LINE:COLUMN-COLUMN severity code: message", as the Problems panel counts. */
function summary({ range, severity, code, message }: Diagnostic): string {
  const level = DiagnosticSeverity[severity].toLowerCase();
  return `${place(range)} ${level} ${String(code)}: ${message.replace("\n", " | ")}`;
}

function place({ start, end }: Range): string {
  assert.equal(start.line, end.line);
  return `${start.line + 1}:${start.character + 1}-${end.character + 1}`;
}
