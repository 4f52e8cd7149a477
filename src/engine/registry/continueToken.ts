// Where the next page of a list begins: the text of `metadata.continue`.
// Source: apiserver pkg/storage/continue.go, 1.34.
import { decodeBase64, encodeBase64 } from "../../api/kinds/secret/base64.ts";
import { badRequestError } from "../../api/status.ts";

export interface ContinueToken {
  /** The revision of the first page; -1 for one that goes on with the newest state. */
  readonly revision: number;
  /** The last key of the page before. */
  readonly key: string;
}

const version = "meta.k8s.io/v1";
/** The next page starts with the first key after the last one: that key and a zero byte. */
const successor = "\u0000";

/** @param prefix of the list's keys; it is left out of the token */
export function encodeContinue({ revision, key }: ContinueToken, prefix: string): string {
  const start = `/${key.slice(prefix.length)}${successor}`;
  const text = JSON.stringify({ v: version, rv: revision, start });
  return encodeBase64(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @throws ApiError BadRequest for a token that this server did not make */
export function decodeContinue(token: string, prefix: string): ContinueToken {
  const broken = [...token].findIndex((character) => !/[\w-]/.test(character));
  if (broken >= 0 || token.length % 4 === 1)
    throw refuse(
      `continue key is not valid: illegal base64 data at input byte ${Math.max(broken, 0)}`,
    );
  const { v, rv, start } = parse(decodeBase64(token.replaceAll("-", "+").replaceAll("_", "/")));
  if (v !== version)
    throw refuse(`continue key is not valid: server does not recognize this encoded version ${v}`);
  if (typeof rv !== "number" || !Number.isSafeInteger(rv) || rv === 0)
    throw refuse(
      "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  if (typeof start !== "string" || !start.startsWith("/") || start.split("/").includes(".."))
    throw refuse(`continue key is not valid: ${JSON.stringify(start ?? "")}`);
  const key = start.endsWith(successor) ? start.slice(1, -1) : start.slice(1);
  return { revision: rv, key: prefix + key };
}

function parse(text: string): {
  readonly v?: unknown;
  readonly rv?: unknown;
  readonly start?: unknown;
} {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below, as for any other text.
  }
  const first = JSON.stringify(text.slice(0, 1)).slice(1, -1);
  throw refuse(
    `continue key is not valid: invalid character '${first}' looking for beginning of value`,
  );
}

function refuse(why: string) {
  return badRequestError(`invalid continue token: ${why}`);
}
