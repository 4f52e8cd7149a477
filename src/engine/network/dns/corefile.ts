// CoreDNS's configuration: server blocks of zones, each with its plugins. Pure.
// Source: coredns v1.12.1, core/dnsserver/register.go and coredns/caddy caddyfile/parse.go.

export interface ServerBlock {
  readonly zones: readonly Zone[];
  readonly plugins: readonly PluginLine[];
}

export interface Zone {
  /** With a final dot: "." or "cluster.local.". */
  readonly name: string;
  readonly port: number;
}

export interface PluginLine {
  readonly name: string;
  readonly words: readonly string[];
  /** The lines of its own block. */
  readonly options: readonly (readonly string[])[];
}

export interface CorefileError {
  readonly error: string;
}

/** Plugins that CoreDNS is built with. Source: coredns v1.12.1 core/dnsserver/zdirectives.go. */
const known = new Set(
  `root metadata geoip cancel tls timeouts multisocket reload nsid bufsize bind debug trace ready health
  pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec
  autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto
  secondary etcd loop forward grpc erratic whoami on sign view nomad`.split(/\s+/),
);

/** @param path as it is named in messages, e.g. "/etc/coredns/Corefile" */
export function parseCorefile(text: string, path: string): readonly ServerBlock[] | CorefileError {
  return new Parser(text, path).blocks();
}

interface Token {
  readonly text: string;
  readonly line: number;
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(
    text: string,
    private readonly path: string,
  ) {
    this.tokens = text.split("\n").flatMap((line, i) => {
      const words = line.replace(/(^|\s)#.*$/, "").match(/"[^"]*"|\S+/g) ?? [];
      return words.map((word) => ({ text: word.replace(/^"|"$/g, ""), line: i + 1 }));
    });
  }

  blocks(): readonly ServerBlock[] | CorefileError {
    const blocks: ServerBlock[] = [];
    while (this.at < this.tokens.length) {
      const block = this.block();
      if ("error" in block) return block;
      blocks.push(block);
    }
    return blocks;
  }

  private block(): ServerBlock | CorefileError {
    const zones: Zone[] = [];
    for (let token = this.next(); token?.text !== "{"; token = this.next()) {
      if (!token) return this.error("Unexpected EOF");
      for (const word of token.text.split(",")) if (word !== "") zones.push(zoneOf(word));
    }
    const plugins: PluginLine[] = [];
    for (;;) {
      const token = this.next();
      if (!token) return this.error("Unexpected EOF");
      if (token.text === "}") return { zones, plugins };
      if (!known.has(token.text))
        return this.error(`Unknown directive '${token.text}'`, token.line);
      plugins.push(this.plugin(token));
    }
  }

  private plugin({ text: name, line }: Token): PluginLine {
    const words = this.restOf(line);
    if (words.at(-1) !== "{") return { name, words, options: [] };
    const options: (readonly string[])[] = [];
    for (let token = this.next(); token && token.text !== "}"; token = this.next())
      options.push([token.text, ...this.restOf(token.line)]);
    return { name, words: words.slice(0, -1), options };
  }

  private restOf(line: number): string[] {
    const words: string[] = [];
    while (this.tokens[this.at]?.line === line) {
      if (this.tokens[this.at]?.text === "}") break;
      words.push(this.next()?.text ?? "");
    }
    return words;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private error(what: string, line = this.tokens.at(-1)?.line ?? 1): CorefileError {
    return { error: `${this.path}:${line} - Error during parsing: ${what}` };
  }
}

/** "cluster.local:53", "dns://.:53", ".". */
function zoneOf(word: string): Zone {
  const [name = "", port = "53"] = word.replace(/^dns:\/\//, "").split(":");
  return { name: absolute(name), port: Number(port) };
}

export function absolute(name: string): string {
  return name === "" || name === "." ? "." : name.endsWith(".") ? name : `${name}.`;
}
