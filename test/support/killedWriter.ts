// Writes to the storage whose path is given, commits some of it, and dies by SIGKILL.
import { NodeStorage } from "../../src/engine/host/nodeStorage.ts";
import { Store } from "../../src/engine/store/store.ts";

const storage = NodeStorage.open(process.argv[2] ?? "", () => process.exit(1));
const store = new Store(() => 0, storage);
store.put("/committed/1", 1);
store.put("/committed/2", 2);
storage.commit();
store.put("/appended/1", 1);
process.kill(process.pid, "SIGKILL");
