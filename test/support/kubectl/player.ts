// Plays a recorded session with the real kubectl, each in a namespace and a folder of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { normaliseStep, type RunNames } from "./normalise.ts";
import type { Session, SessionStep, StepOutput } from "./session.ts";

export interface PlayerOptions {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly server: string;
}

/** The first step that came out another way than it was recorded. */
export interface Difference {
  /** Counted from 1. */
  readonly step: number;
  readonly run: string;
  readonly expected: StepOutput;
  readonly actual: StepOutput;
}

interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutSeconds?: number;
}

/** Letters that no made-up name has, so that normalisation leaves namespaces alone. */
const namespaceLetters = "aeiou013";
const namespaceLength = 12;
const stepSeconds = 60;

/** managedFields are in the order of their whole seconds, and these steps were recorded seconds apart. */
const areSecondsApart: ReadonlySet<string> = new Set(["apply-server-side-conflict"]);

/** @returns undefined if every step came out as it was recorded */
export async function playSession(
  session: Session,
  options: PlayerOptions,
): Promise<Difference | undefined> {
  const player = new Player(options);
  try {
    await player.prepare();
    return await player.play(session.steps, areSecondsApart.has(session.name) ? 1_000 : 0);
  } finally {
    await player.tidy(session.cleanup ?? []);
  }
}

class Player {
  private readonly namespace = `kt-${randomLetters()}`;
  private readonly root = mkdtempSync(join(tmpdir(), "kt-session-"));
  private readonly folder = join(this.root, "work");
  private readonly names: RunNames;

  constructor(private readonly options: PlayerOptions) {
    mkdirSync(this.folder);
    copyFileSync(options.kubeconfig, this.kubeconfig);
    this.names = { folder: this.folder, namespace: this.namespace, server: options.server };
  }

  async prepare(): Promise<void> {
    for (const command of [
      `create namespace ${this.namespace}`,
      `config set-context --current --namespace=${this.namespace}`,
      "wait --for=create sa/default cm/kube-root-ca.crt --timeout=30s",
    ]) {
      const { code, stderr } = await this.kubectl(command);
      if (code !== 0) throw new Error(`kubectl ${command} ended with ${code}: ${stderr}`);
    }
  }

  async play(steps: readonly SessionStep[], apartMs: number): Promise<Difference | undefined> {
    for (const [i, { run, files = {}, env = {}, stdin, timeout, expect }] of steps.entries()) {
      if (apartMs > 0 && i > 0) await passed(apartMs);
      for (const [name, text] of Object.entries(files)) this.write(name, this.named(text));
      const output = await this.kubectl(this.named(run), {
        env: Object.fromEntries(Object.entries(env).map(([name, v]) => [name, this.named(v)])),
        ...(stdin === undefined ? {} : { stdin: this.named(stdin) }),
        ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
      });
      const actual = normaliseStep(run, output, this.names);
      const isSame =
        actual.code === expect.code &&
        actual.stdout === expect.stdout &&
        actual.stderr === expect.stderr;
      if (!isSame) return { step: i + 1, run, expected: expect, actual };
    }
    return undefined;
  }

  async tidy(cleanup: readonly string[]): Promise<void> {
    const last = `delete namespace ${this.namespace} --wait=false --ignore-not-found`;
    for (const command of [...cleanup, last]) await this.kubectl(this.named(command));
    rmSync(this.root, { recursive: true, force: true });
  }

  private get kubeconfig(): string {
    return join(this.root, "config");
  }

  private named(text: string): string {
    return text.replaceAll("$NS", this.namespace);
  }

  private write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  private kubectl(
    words: string,
    { env = {}, stdin = "", timeoutSeconds = stepSeconds }: CommandOptions = {},
  ): Promise<StepOutput> {
    const child = spawn("/bin/sh", ["-c", `'${this.options.kubectl}' ${words}`], {
      cwd: this.folder,
      env: { ...this.environment(), ...env },
      detached: true,
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
    const timer = setTimeout(
      () => process.kill(-(child.pid ?? 0), "SIGKILL"),
      timeoutSeconds * 1_000,
    );
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString();
        resolve({ code: code ?? -1, stdout: text(stdout), stderr: text(stderr) });
      });
    });
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.root,
      KUBECONFIG: this.kubeconfig,
      KUBECACHEDIR: join(this.root, "cache"),
      NS: this.namespace,
      LANG: "C.UTF-8",
      TZ: "UTC",
      TMPDIR: "/tmp",
    };
  }
}

function randomLetters(): string {
  return Array.from(
    randomBytes(namespaceLength),
    (byte) => namespaceLetters[byte % namespaceLetters.length],
  ).join("");
}
