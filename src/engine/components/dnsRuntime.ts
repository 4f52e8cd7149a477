// The runtime of machines whose containers of the image coredns are servers of the cluster's names.
import type { ClusterNames } from "../network/dns/clusterZone.ts";
import { coreDnsProgram } from "../network/dns/coreDnsProgram.ts";
import { parseImageName } from "../node/imageName.ts";
import { directory, programFile } from "../node/process/fileNode.ts";
import type { RuntimeProfile } from "../node/runtimeProfile.ts";

const repository = "registry.k8s.io/coredns/coredns";

export function dnsRuntime(profile: RuntimeProfile, names: ClusterNames): RuntimeProfile {
  const files = directory([["coredns", programFile(coreDnsProgram(names))]]);
  return {
    ...profile,
    image(container, pod) {
      const image = profile.image(container, pod);
      const name = parseImageName(container.image ?? "");
      const isCoreDns = !("error" in name) && name.repository === repository;
      return isCoreDns && image.entrypoint.length > 0 ? { ...image, files } : image;
    },
  };
}
