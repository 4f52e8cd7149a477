// What is loaded only once somebody works with manifests: YAML, the structure of all kinds, and apply.
// The bundler makes a file of its own of it.
export { builtInKinds } from "../api/kinds/index.ts";
export { applyAll, deleteAll, failureText, getIfExists } from "../client/apply.ts";
export { rehearse } from "../client/rehearse.ts";
export { completionsAt } from "../language/completion/completion.ts";
export { customKindsOf, definitionsIn } from "../language/customKinds.ts";
export { effectiveObject } from "../language/effective.ts";
export { objectsOf } from "../language/fields.ts";
export { folds } from "../language/folding.ts";
export { hoverAt } from "../language/hover.ts";
export { keysOf, portsOf } from "../language/indexedObject.ts";
export { parseManifest } from "../language/manifest.ts";
export { ManifestChecker } from "../language/manifestChecker.ts";
export { MentionIndex, mentionsOfAll } from "../language/names/mentionIndex.ts";
export { renameEdits, renameTarget } from "../language/names/rename.ts";
export { definitionsOf, referencesOf } from "../language/names/resolve.ts";
export { ObjectIndex, together } from "../language/objectIndex.ts";
export { outline } from "../language/outline.ts";
export { ownDocuments } from "../language/ownDocuments.ts";
export { quickFixes } from "../language/quickFix.ts";
export { forecast } from "../language/scheduling.ts";
export { selectionRanges } from "../language/selectionRanges.ts";
export { loadConfiguration } from "../scheduler/config/load.ts";
export { defaultProfile } from "../scheduler/defaultProfile.ts";
export { planDeployment } from "./deployPlan.ts";
export { locateFailure } from "./failurePlaces.ts";
export { namingKinds } from "./namingKinds.ts";
export { yamlOf, yamlWithoutServerFields } from "./objectYaml.ts";
