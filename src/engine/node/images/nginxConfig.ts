// The part of nginx's configuration that says who answers what: servers and their locations.
// Source: nginx ngx_conf_file.c (syntax), ngx_http_core_module (directives).
import { FileError } from "../process/fileError.ts";
import type { FileSystem } from "../process/fileSystem.ts";
import { absolutePath, directoryName } from "../process/paths.ts";

export interface NginxServer {
  readonly port: number;
  readonly names: readonly string[];
  readonly directives: readonly Directive[];
}

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** Absent for what ends with a semicolon. */
  readonly block?: readonly Directive[];
}

const configFile = "/etc/nginx/nginx.conf";
const defaultPort = 80;
const deepestInclude = 10;

/** The servers of the configuration, or what is wrong with it in nginx's words. */
export function nginxServers(
  files: FileSystem,
): readonly NginxServer[] | { readonly error: string } {
  try {
    const directives = readFile(files, configFile, 0);
    const http = directives.filter(({ name }) => name === "http");
    return http
      .flatMap(({ block = [] }) => block)
      .filter(({ name }) => name === "server")
      .flatMap(({ block = [] }) => serversOf(block));
  } catch (error) {
    if (error instanceof SyntaxFault) return { error: error.message };
    if (!(error instanceof FileError)) throw error;
    return { error: `open() "${error.path}" failed (2: ${error.message})` };
  }
}

/** One for each port that it listens on. */
function serversOf(directives: readonly Directive[]): readonly NginxServer[] {
  const names = directives.filter(({ name }) => name === "server_name").flatMap(({ args }) => args);
  const listens = directives.filter(({ name }) => name === "listen");
  const ports = listens.map(({ args }) => Number(/(\d+)$/.exec(args[0] ?? "")?.[1] ?? defaultPort));
  const all = ports.length > 0 ? new Set(ports) : [defaultPort];
  return [...all].map((port) => ({ port, names, directives }));
}

class SyntaxFault extends Error {}

function readFile(files: FileSystem, path: string, depth: number): readonly Directive[] {
  const tokens = tokensOf(files.readText(path));
  const parser = new Parser(tokens, path);
  return included(parser.directives(false), files, path, depth);
}

function included(
  directives: readonly Directive[],
  files: FileSystem,
  path: string,
  depth: number,
): readonly Directive[] {
  return directives.flatMap((directive): readonly Directive[] => {
    const { name, args, block } = directive;
    if (name === "include" && depth < deepestInclude)
      return matching(files, absolutePath(directoryName(configFile), args[0] ?? "")).flatMap(
        (file) => readFile(files, file, depth + 1),
      );
    return block ? [{ ...directive, block: included(block, files, path, depth) }] : [directive];
  });
}

/** What a pattern like /etc/nginx/conf.d/*.conf finds; a plain name has to be there. */
function matching(files: FileSystem, pattern: string): readonly string[] {
  if (!pattern.includes("*")) return [pattern];
  const folder = directoryName(pattern);
  if (!files.exists(folder)) return [];
  const [start = "", end = ""] = pattern.slice(folder.length + 1).split("*");
  return [...files.list(folder)]
    .filter((name) => name.startsWith(start) && name.endsWith(end) && !name.startsWith("."))
    .sort()
    .map((name) => `${folder}/${name}`);
}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly isQuoted: boolean;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern =
    /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[{};]|(?:[^\s{};"'\\]|\\.|\$\{[^}]*\})+|\n/g;
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const [whole, double, single] = match;
    const quoted = double ?? single;
    if (whole !== "\n" && !whole.startsWith("#"))
      tokens.push({
        text: (quoted ?? whole).replace(/\\(["'\\])/g, "$1"),
        line,
        isQuoted: quoted !== undefined,
      });
    line += whole.split("\n").length - 1;
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly path: string,
  ) {}

  directives(isBlock: boolean): readonly Directive[] {
    const found: Directive[] = [];
    for (;;) {
      const token = this.tokens[this.at];
      if (!token) {
        if (isBlock) this.fail('unexpected end of file, expecting "}"', this.tokens.at(-1)?.line);
        return found;
      }
      if (token.text === "}" && !token.isQuoted) {
        this.at++;
        if (!isBlock) this.fail('unexpected "}"', token.line);
        return found;
      }
      found.push(this.directive());
    }
  }

  private directive(): Directive {
    const words: string[] = [];
    for (;;) {
      const token = this.tokens[this.at++];
      const [name = "", ...args] = words;
      if (!token)
        return this.fail('unexpected end of file, expecting ";" or "}"', this.tokens.at(-1)?.line);
      if (token.isQuoted) words.push(token.text);
      else if (token.text === ";") return { name, args };
      else if (token.text === "{") return { name, args, block: this.directives(true) };
      else if (token.text === "}") return this.fail('unexpected "}"', token.line);
      else words.push(token.text);
    }
  }

  private fail(message: string, line = 1): never {
    throw new SyntaxFault(`${message} in ${this.path}:${line}`);
  }
}
