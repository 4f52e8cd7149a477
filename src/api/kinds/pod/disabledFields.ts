// Fields that a server with its default feature gates drops without a word when an object is created.
// Source: pkg/api/pod dropDisabledFields and pkg/features/kube_features.go, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { Container, EphemeralContainer, PodSpec, Volume } from "../../types.ts";

/** Drops, in place, what kubernetes 1.34 knows but does not do unless told to. */
export function dropDisabledPodFields(spec: Draft<PodSpec> | undefined): void {
  if (!spec) return;
  delete spec.hostnameOverride;
  dropImageVolumes(spec);
  for (const volume of spec.volumes ?? []) dropProjections(volume as Draft<Volume>);
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy !== "Always") delete container.restartPolicy;
    dropContainerFields(container);
  }
  for (const container of spec.containers ?? []) {
    delete container.restartPolicy;
    dropContainerFields(container);
  }
  for (const container of spec.ephemeralContainers ?? []) dropContainerFields(container);
}

/** Gates ContainerRestartRules, ContainerStopSignals and EnvFiles. */
function dropContainerFields(container: Draft<Container> | Draft<EphemeralContainer>): void {
  delete container.restartPolicyRules;
  if (container.lifecycle) delete container.lifecycle.stopSignal;
  for (const { valueFrom } of container.env ?? []) if (valueFrom) delete valueFrom.fileKeyRef;
}

/** Gate ImageVolume: the volumes and all their mounts are gone. */
function dropImageVolumes(spec: Draft<PodSpec>): void {
  const names = new Set(spec.volumes?.filter(({ image }) => image).map(({ name }) => name));
  if (names.size === 0) return;
  spec.volumes = spec.volumes?.filter(({ name }) => !names.has(name)) ?? [];
  for (const container of [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ])
    if (container.volumeMounts)
      container.volumeMounts = container.volumeMounts.filter(({ name }) => !names.has(name));
}

/** Gates ClusterTrustBundleProjection and PodCertificateRequest. */
function dropProjections(volume: Draft<Volume>): void {
  for (const source of volume.projected?.sources ?? []) {
    delete source.clusterTrustBundle;
    delete source.podCertificate;
  }
}
