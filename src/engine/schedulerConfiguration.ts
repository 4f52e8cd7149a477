// The scheduler's policy, kept in the store beside the cluster's objects: it survives restarts, and an
// attempt of the past is explained by the policy of its time.

import type { ConfigurationProblem } from "../scheduler/config/load.ts";
import { type LoadedConfiguration, loadConfiguration } from "../scheduler/config/load.ts";
import { defaultConfiguration, defaultProfile } from "../scheduler/defaultProfile.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { Store } from "./store/store.ts";

const key = "/kubernetes-tutor/kube-scheduler/config.yaml";

/** A configuration as its author wrote it, and what the text says. */
export interface ConfigurationSource {
  readonly text: string;
  readonly value: unknown;
}

const byDefault: LoadedConfiguration = {
  configuration: defaultConfiguration,
  profiles: [defaultProfile],
};

export class SchedulerConfiguration {
  private readonly loaded = new WeakMap<ConfigurationSource, LoadedConfiguration>();

  constructor(private readonly store: Store) {}

  /** What the author wrote; undefined while the defaults hold. */
  get text(): string | undefined {
    return this.store.get<ConfigurationSource>(key)?.value.text;
  }

  /** What holds now, or held at a revision of the store. @throws Compacted, FutureRevision */
  at(revision?: number): LoadedConfiguration {
    const source = this.store.get<ConfigurationSource>(key, revision)?.value;
    if (!source) return byDefault;
    const known = this.loaded.get(source);
    if (known) return known;
    const loaded = loadConfiguration(source.value);
    const held = "profiles" in loaded ? loaded : byDefault;
    this.loaded.set(source, held);
    return held;
  }

  /** The profile that Pods of that scheduler name had at a revision. */
  profile(schedulerName: string, revision?: number): Profile {
    const { profiles } = this.at(revision);
    return profiles.find((profile) => profile.schedulerName === schedulerName) ?? defaultProfile;
  }

  /** Takes over a configuration if it is valid. @returns what is wrong with it */
  set(source: ConfigurationSource): readonly ConfigurationProblem[] {
    const loaded = loadConfiguration(source.value);
    if ("problems" in loaded) return loaded.problems;
    this.store.put(key, Object.freeze(source));
    return [];
  }
}
