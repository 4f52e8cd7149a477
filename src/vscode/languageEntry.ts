// What is loaded only once somebody works with manifests: YAML, the structure of all kinds, and apply.
// The bundler makes a file of its own of it.
export { builtInKinds } from "../api/kinds/index.ts";
export { applyAll, deleteAll, failureText } from "../client/apply.ts";
export { ManifestChecker } from "../language/manifestChecker.ts";
export { planDeployment } from "./deployPlan.ts";
export { locateFailure } from "./failurePlaces.ts";
export { yamlOf } from "./objectYaml.ts";
