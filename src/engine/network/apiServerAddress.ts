// Where kube-apiserver listens: the control plane's first machine.
import { machineAddress } from "./podNetwork.ts";

export const apiServerHost = machineAddress(0);
export const apiServerPort = 6443;
export const apiServerAddress = `${apiServerHost}:${apiServerPort}`;
