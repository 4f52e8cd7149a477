// Bundles JSON as a text that is parsed at its first use: V8 reads that quicker than literals in code.
import { readFileSync } from "node:fs";

export const jsonAsText = {
  name: "JSON as text",
  setup(build) {
    build.onLoad({ filter: /\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, "utf8")));
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});`, loader: "js" };
    });
  },
};
