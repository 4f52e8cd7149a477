// Which other objects of its namespace a Pod cannot run without.
// Source: pkg/api/v1/pod/util.go VisitPodSecretNames and VisitPodConfigmapNames, 1.34.
import type { Container, EphemeralContainer, Pod, Volume } from "../../types.ts";

/** Secrets that the Pod's images, variables and volumes name. */
export function podSecretNames({ spec }: Pod): readonly string[] {
  return names([
    ...(spec.imagePullSecrets ?? []).map(({ name }) => name),
    ...allContainers(spec).flatMap(({ env = [], envFrom = [] }) => [
      ...envFrom.map(({ secretRef }) => secretRef?.name),
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
    ]),
    ...(spec.volumes ?? []).flatMap(volumeSecretNames),
  ]);
}

function volumeSecretNames(volume: Volume): readonly (string | undefined)[] {
  return [
    volume.secret?.secretName,
    volume.azureFile?.secretName,
    volume.cephfs?.secretRef?.name,
    volume.csi?.nodePublishSecretRef?.name,
    volume.flexVolume?.secretRef?.name,
    volume.iscsi?.secretRef?.name,
    volume.rbd?.secretRef?.name,
    volume.scaleIO?.secretRef.name,
    volume.storageos?.secretRef?.name,
    ...(volume.projected?.sources ?? []).map(({ secret }) => secret?.name),
  ];
}

/** ConfigMaps that the Pod's variables and volumes name. */
export function podConfigMapNames({ spec }: Pod): readonly string[] {
  return names([
    ...allContainers(spec).flatMap(({ env = [], envFrom = [] }) => [
      ...envFrom.map(({ configMapRef }) => configMapRef?.name),
      ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
    ]),
    ...(spec.volumes ?? []).flatMap(({ configMap, projected }) => [
      configMap?.name,
      ...(projected?.sources ?? []).map((source) => source.configMap?.name),
    ]),
  ]);
}

/** PersistentVolumeClaims of the Pod, those that are made for it included. */
export function podClaimNames({ metadata, spec }: Pod): readonly string[] {
  return names(
    (spec.volumes ?? []).map(({ name, persistentVolumeClaim, ephemeral }) =>
      ephemeral ? `${metadata.name}-${name}` : persistentVolumeClaim?.claimName,
    ),
  );
}

function allContainers(spec: Pod["spec"]): readonly (Container | EphemeralContainer)[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

function names(found: readonly (string | undefined)[]): readonly string[] {
  return found.filter((name) => name !== undefined && name !== "") as readonly string[];
}
