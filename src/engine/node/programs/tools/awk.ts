// awk: rules over records. Source: busybox editors/awk.c; POSIX, awk.
import { Pipe } from "../../process/byteStream.ts";
import { FileError } from "../../process/fileError.ts";
import type { ChildProcess } from "../../process/process.ts";
import type { Steps } from "../../steps.ts";
import { unescaped } from "../awk/awkLexer.ts";
import { parseAwk } from "../awk/awkParser.ts";
import { type AwkIo, AwkRun } from "../awk/awkRun.ts";
import { AwkError, type AwkProgram } from "../awk/awkSyntax.ts";
import { BufferedSource, textOf } from "../bufferedSource.ts";
import type { Tool, Tools } from "./tool.ts";

export const awkTools = { awk, gawk: awk, mawk: awk } satisfies Tools;

const usage = "[OPTIONS] [AWK_PROGRAM] [FILE]...";

function* awk(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, all, operands } = tool.options(args, "F:v:f:e:", {
    usage,
    stopsAtOperand: true,
  });
  const texts: string[] = [];
  for (const file of all.get("f") ?? []) texts.push(yield* tool.readText(file));
  const [first, ...rest] = operands;
  if (texts.length === 0 && first === undefined) return tool.usage(usage);
  const files = texts.length === 0 ? rest : operands;
  const program = parsed(tool, texts.length === 0 ? (first ?? "") : texts.join("\n"));
  const io = new ToolIo(tool, files, (name, text) => run.assign(name, text));
  const run = new AwkRun(program, io);
  const separator = options.get("F");
  if (separator !== undefined) run.assign("FS", separator === "t" ? "\t" : unescaped(separator));
  for (const assignment of all.get("v") ?? []) {
    const [, name = "", text = ""] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(assignment) ?? [];
    if (name === "") return tool.usage(usage);
    run.assign(name, unescaped(text));
  }
  run.setArray("ENVIRON", [...tool.process.env]);
  run.setArray(
    "ARGV",
    ["awk", ...files].map((text, i) => [String(i), text] as const),
  );
  run.assign("ARGC", String(files.length + 1));
  return yield* finished(tool, run, io);
}

function parsed(tool: Tool, text: string): AwkProgram {
  try {
    return parseAwk(text);
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    return tool.isBusybox
      ? tool.fail("cmd. line:1: Unexpected token")
      : tool.fail(`line 1: ${error.message}`, 2);
  }
}

function* finished(tool: Tool, run: AwkRun, io: ToolIo): Steps<number> {
  try {
    const status = yield* run.run();
    yield* io.closeAll();
    return status || io.status;
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    yield* io.closeAll();
    tool.complain(tool.isBusybox ? `cmd. line:1: ${error.message}` : error.message);
    return 2;
  }
}

interface Running {
  readonly pipe: Pipe;
  readonly child: ChildProcess;
  readonly source: BufferedSource;
}

class ToolIo implements AwkIo {
  /** Not zero once a file could not be opened. */
  status = 0;
  private source: BufferedSource | undefined;
  private nextFile = 0;
  private readsAny = false;
  private readonly written = new Set<string>();
  private readonly files = new Map<string, BufferedSource>();
  private readonly commands = new Map<string, Running>();

  constructor(
    private readonly tool: Tool,
    private readonly operands: readonly string[],
    private readonly assign: (name: string, text: string) => void,
  ) {}

  *next(separator: string): Steps<string | undefined> {
    for (;;) {
      this.source ??= this.openNext();
      if (!this.source) return undefined;
      const record = yield* this.record(this.source, separator);
      if (record !== undefined) return record;
      this.source = undefined;
    }
  }

  private *record(source: BufferedSource, separator: string): Steps<string | undefined> {
    if (separator !== "") {
      const bytes = yield* source.readLine(separator.charCodeAt(0));
      const text = bytes && textOf(bytes);
      return text?.endsWith(separator.charAt(0)) ? text.slice(0, -1) : text;
    }
    // Without a separator, records are paragraphs.
    const lines: string[] = [];
    for (let bytes = yield* source.readLine(); bytes; bytes = yield* source.readLine()) {
      const line = textOf(bytes).replace(/\n$/, "");
      if (line !== "") lines.push(line);
      else if (lines.length > 0) break;
    }
    return lines.length > 0 ? lines.join("\n") : undefined;
  }

  private openNext(): BufferedSource | undefined {
    for (
      let name = this.operands[this.nextFile++];
      name !== undefined;
      name = this.operands[this.nextFile++]
    ) {
      const [, variable, text = ""] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(name) ?? [];
      if (variable !== undefined) {
        this.assign(variable, unescaped(text));
        continue;
      }
      this.readsAny = true;
      this.assign("FILENAME", name);
      this.assign("FNR", "0");
      const source = this.open(name);
      if (source) return source;
      this.status = 2;
    }
    if (this.readsAny) return undefined;
    this.readsAny = true;
    return this.tool.open("-");
  }

  private open(name: string): BufferedSource | undefined {
    let source: BufferedSource | undefined;
    this.tool.attempt(
      () => {
        source = this.tool.open(name);
      },
      ({ message }) =>
        this.tool.isBusybox ? `${name}: ${message}` : `cannot open ${name} (${message})`,
    );
    return source;
  }

  *write(
    text: string,
    redirect: { readonly operator: string; readonly to: string } | undefined,
  ): Steps {
    if (!redirect || redirect.to === "/dev/stdout" || redirect.to === "-")
      return yield* this.tool.write(text);
    const { operator, to } = redirect;
    if (to === "/dev/stderr") this.tool.process.stderr.write(text);
    else if (operator === "|") {
      const { pipe } = this.started(to, "input");
      pipe.write(text);
      yield* pipe.ready();
    } else {
      this.tool.files.write(this.tool.path(to), text, {
        append: operator === ">>" || this.written.has(to),
      });
      this.written.add(to);
    }
  }

  *line(from: "file" | "command", name: string): Steps<string | undefined | "error"> {
    try {
      const source = from === "file" ? this.fileSource(name) : this.started(name, "output").source;
      const bytes = yield* source.readLine();
      return bytes && textOf(bytes).replace(/\n$/, "");
    } catch (error) {
      if (error instanceof FileError) return "error";
      throw error;
    }
  }

  private fileSource(name: string): BufferedSource {
    const source = this.files.get(name) ?? this.tool.open(name);
    this.files.set(name, source);
    return source;
  }

  /** A command of the shell, with a pipe to its input or from its output. */
  private started(command: string, end: "input" | "output"): Running {
    const known = this.commands.get(command);
    if (known) return known;
    const pipe = new Pipe();
    const child = this.spawn(
      command,
      end === "input" ? { stdin: pipe.source } : { stdout: pipe.sink },
    );
    const running = { pipe, child, source: new BufferedSource(pipe.source) };
    this.commands.set(command, running);
    return running;
  }

  private spawn(
    command: string,
    streams: Partial<Pick<Tool["process"], "stdin" | "stdout">>,
  ): ChildProcess {
    const shell = this.tool.process.find("sh");
    if (!shell) throw new AwkError("can't execute 'sh'");
    return this.tool.process.spawn(shell, { argv: ["sh", "-c", command], ...streams });
  }

  *system(command: string): Steps<number> {
    return yield* this.spawn(command, {}).wait();
  }

  *close(name: string): Steps<number> {
    this.files.delete(name);
    this.written.delete(name);
    const running = this.commands.get(name);
    if (!running) return -1;
    this.commands.delete(name);
    running.pipe.end();
    return yield* running.child.wait();
  }

  *closeAll(): Steps {
    for (const command of [...this.commands.keys()]) yield* this.close(command);
  }

  *step(): Steps {
    yield* this.tool.pace.step();
  }

  random(): number {
    return this.tool.process.random.fraction();
  }

  now(): number {
    return this.tool.process.now();
  }
}
