import type { Plugin } from "esbuild";

export declare const jsonAsText: Plugin;
