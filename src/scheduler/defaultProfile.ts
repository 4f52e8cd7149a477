// The profile of a scheduler that nobody has configured.
import { assert } from "../base/assert.ts";
import { configurationApiVersion, configurationKind } from "./config/configuration.ts";
import { type DefaultedConfiguration, withDefaults } from "./config/defaults.ts";
import { profilesOf } from "./config/profiles.ts";
import type { Profile } from "./profile.ts";

export const defaultConfiguration: DefaultedConfiguration = withDefaults({
  apiVersion: configurationApiVersion,
  kind: configurationKind,
});

export const defaultProfile: Profile = onlyProfile();

function onlyProfile(): Profile {
  const made = profilesOf(defaultConfiguration);
  const [profile] = "profiles" in made ? made.profiles : [];
  assert(profile, "the default configuration has one profile");
  return profile;
}
