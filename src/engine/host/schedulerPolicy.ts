// kube-scheduler's policy as its author's text: read here, decided in the engine.
import { parseDocument } from "yaml";
import type { Engine } from "../engine.ts";

/** What a learner starts from: the defaults, with the parts that are worth changing first. */
export const defaultSchedulerConfiguration = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    # plugins:
    #   score:
    #     disabled:
    #       - name: ImageLocality
    #     enabled:
    #       - name: NodeAffinity
    #         weight: 10
    pluginConfig:
      - name: NodeResourcesFit
        args:
          scoringStrategy:
            # MostAllocated fills nodes up, LeastAllocated spreads the load.
            type: LeastAllocated
            resources:
              - name: cpu
                weight: 1
              - name: memory
                weight: 1
`;

/** @returns what is wrong with the text; empty if kube-scheduler runs by it now */
export function configureScheduler(engine: Engine, text: string): readonly string[] {
  const document = parseDocument(text, { version: "1.1", merge: true });
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const value: unknown = document.toJS();
  return engine.configureScheduler({ text, value }).map(({ message }) => message);
}
