// Tables of what scripts print: "$ " and "> " before a script, its output, "2> " before what it says on
// standard error, "=> " before its exit code and, if it takes any, the time. "\c" ends a line without "\n".
import { readFileSync } from "node:fs";

export interface ScriptRow {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly elapsed: string;
}

export function readScriptTable(file: string): readonly ScriptRow[] {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  const blocks = text.split(/^(?=\$ )/m).filter((block) => block.startsWith("$ "));
  return blocks.map((block) => rowOf(block.split("\n")));
}

function rowOf(lines: readonly string[]): ScriptRow {
  const end = lines.findIndex((line) => line.startsWith("=> "));
  const [code = "", elapsed = "0 ms"] = (lines[end] ?? "").slice(3).split(/ after /);
  const body = lines.slice(0, end);
  const isScript = (line: string, i: number) => i === 0 || line.startsWith("> ") || line === ">";
  const scriptEnd = body.findIndex((line, i) => !isScript(line, i));
  const [script, output] =
    scriptEnd < 0 ? [body, []] : [body.slice(0, scriptEnd), body.slice(scriptEnd)];
  const joined = (chosen: readonly string[]) =>
    chosen
      .map((line) => `${line}\n`)
      .join("")
      .replaceAll("\\c\n", "");
  return {
    script: script.map((line) => line.slice(2)).join("\n"),
    stdout: joined(output.filter((line) => !line.startsWith("2> "))),
    stderr: joined(output.filter((line) => line.startsWith("2> ")).map((line) => line.slice(3))),
    code: Number(code),
    elapsed,
  };
}
