// Permission bits as `chmod` reads them and `ls` shows them.
import type { FileStat } from "../process/fileSystem.ts";

const masks: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

/**
 * The bits that "755" or "u+x,go-w" make of `mode`; undefined if it is neither.
 * @param umask what a clause without "u", "g", "o" or "a" leaves alone
 */
export function parseMode(
  text: string,
  mode: number,
  umask: number,
  isDirectory: boolean,
): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let result = mode;
  for (const clause of text.split(",")) {
    const [, who, actions] = /^([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)$/.exec(clause) ?? [];
    if (who === undefined || actions === undefined) return undefined;
    const scope = [...(who || "a")].reduce((sum, one) => sum | (masks[one] ?? 0), 0);
    const affected = who === "" ? scope & ~umask : scope;
    for (const [, operator = "", letters = ""] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      const bits = bitsOf(letters, result, isDirectory) & affected;
      if (operator === "+") result |= bits;
      else if (operator === "-") result &= ~bits;
      else result = (result & ~(scope & 0o777)) | bits;
    }
  }
  return result;
}

function bitsOf(letters: string, mode: number, isDirectory: boolean): number {
  const isExecutable = isDirectory || (mode & 0o111) !== 0;
  const bits: Readonly<Record<string, number>> = {
    r: 0o444,
    w: 0o222,
    x: 0o111,
    X: isExecutable ? 0o111 : 0,
    s: 0o6000,
    t: 0o1000,
    u: ((mode >> 6) & 7) * 0o111,
    g: ((mode >> 3) & 7) * 0o111,
    o: (mode & 7) * 0o111,
  };
  return [...letters].reduce((sum, letter) => sum | (bits[letter] ?? 0), 0);
}

const kinds: Readonly<Record<FileStat["kind"], string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  device: "c",
};

/** "drwxr-xr-x", as `ls -l` has it. */
export function longMode({ kind, mode }: Pick<FileStat, "kind" | "mode">): string {
  const letters = [6, 3, 0].map((shift) => {
    const bits = (mode >> shift) & 7;
    const special = shift === 6 ? mode & 0o4000 : shift === 3 ? mode & 0o2000 : mode & 0o1000;
    const [set, unset] = shift === 0 ? ["t", "T"] : ["s", "S"];
    const execute = special ? (bits & 1 ? set : unset) : bits & 1 ? "x" : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${execute}`;
  });
  return kinds[kind] + letters.join("");
}

/** "u=rwx,g=rx,o=rx", as `umask -S` has it. */
export function symbolicMode(mode: number): string {
  const letters = (bits: number) =>
    `${bits & 4 ? "r" : ""}${bits & 2 ? "w" : ""}${bits & 1 ? "x" : ""}`;
  return `u=${letters((mode >> 6) & 7)},g=${letters((mode >> 3) & 7)},o=${letters(mode & 7)}`;
}
