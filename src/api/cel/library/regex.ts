// Parts of texts that match a pattern. Source: apiserver pkg/cel/library/regex.go, kubernetes v1.34.
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { regexpOrFail } from "../regexp.ts";
import { ArrayList, type CelList } from "../value.ts";

function find(text: string, pattern: string): string {
  const span = regexpOrFail(pattern).find(text);
  return span ? text.slice(span.start, span.end) : "";
}

function findAll(text: string, pattern: string, limit = -1n): CelList {
  const most = limit < 0n ? Infinity : Number(limit);
  const spans = regexpOrFail(pattern).findAll(text, most);
  return new ArrayList(spans.map(({ start, end }) => text.slice(start, end)));
}

export const regexLibrary: CelLibrary = {
  functions: [
    declare("find", overload("string_find_string", "string.find(string) -> string", find)),
    declare(
      "findAll",
      overload("string_find_all_string", "string.findAll(string) -> list<string>", findAll),
      overload(
        "string_find_all_string_int",
        "string.findAll(string, int) -> list<string>",
        findAll,
      ),
    ),
  ],
};
