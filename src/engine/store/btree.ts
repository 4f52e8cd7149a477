// sorted-btree is CommonJS: its class sits one `default` deeper than its typings say.
import * as module from "sorted-btree";

type BTreeClass = typeof module.default;
const exported = module.default as unknown as BTreeClass | { readonly default: BTreeClass };

export const BTree: BTreeClass = "default" in exported ? exported.default : exported;
