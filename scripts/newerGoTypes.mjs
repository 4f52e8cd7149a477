// What k8s.io/api 0.32 does not know of 1.34's Go types, and the two groups that are not in it.
// By struct, one word a field: "*" a pointer, "!" kept even when it is zero, else left out when zero;
// after "=" the name in the .proto file where it differs.
export const newerGoTypes = {
  "apps.v1.DeploymentStatus": "*terminatingReplicas",
  "apps.v1.ReplicaSetStatus": "*terminatingReplicas",
  "autoscaling.v2.HPAScalingRules": "*tolerance",
  "discovery.v1.EndpointHints": "forNodes",
  "discovery.v1.ForNode": "!name",
  "core.v1.Container": "restartPolicyRules",
  "core.v1.ContainerExtendedResourceRequest": "!containerName !resourceName !requestName",
  "core.v1.ContainerRestartRule": "action *exitCodes",
  "core.v1.ContainerRestartRuleOnExitCodes": "operator values",
  "core.v1.ContainerStatus": "*stopSignal",
  "core.v1.EnvVarSource": "*fileKeyRef",
  "core.v1.EphemeralContainerCommon": "restartPolicyRules",
  "core.v1.FileKeySelector": "!volumeName !path !key *optional",
  "core.v1.Lifecycle": "*stopSignal",
  "core.v1.NodeSwapStatus": "*capacity",
  "core.v1.NodeSystemInfo": "*swap",
  "core.v1.PodCertificateProjection":
    "signerName keyType *maxExpirationSeconds credentialBundlePath keyPath certificateChainPath",
  "core.v1.PodCondition": "observedGeneration",
  "core.v1.PodExtendedResourceClaimStatus": "!requestMappings !resourceClaimName",
  "core.v1.PodSpec": "*hostnameOverride",
  "core.v1.PodStatus": "observedGeneration *extendedResourceClaimStatus",
  "core.v1.VolumeProjection": "*podCertificate",
  "resource.v1.AllocatedDeviceStatus": "*shareID",
  "resource.v1.AllocationResult": "*allocationTimestamp",
  "resource.v1.CapacityRequestPolicy": "*default validValues *validRange",
  "resource.v1.CapacityRequestPolicyRange": "*min *max *step",
  "resource.v1.CapacityRequirements": "requests",
  "resource.v1.Counter": "!value",
  "resource.v1.CounterSet": "!name !counters",
  "resource.v1.Device":
    "!name attributes capacity consumesCounters *nodeName *nodeSelector *allNodes taints *bindsToNode bindingConditions bindingFailureConditions *allowMultipleAllocations",
  "resource.v1.DeviceCapacity": "!value *requestPolicy",
  "resource.v1.DeviceClassSpec": "*extendedResourceName",
  "resource.v1.DeviceConstraint": "*distinctAttribute",
  "resource.v1.DeviceCounterConsumption": "!counterSet !counters",
  "resource.v1.DeviceRequest": "!name *exactly firstAvailable",
  "resource.v1.DeviceRequestAllocationResult":
    "tolerations bindingConditions bindingFailureConditions *shareID consumedCapacity",
  "resource.v1.DeviceSubRequest":
    "!name !deviceClassName selectors allocationMode count tolerations *capacity",
  "resource.v1.DeviceTaint": "!key value !effect *timeAdded",
  "resource.v1.DeviceToleration": "key operator value effect *tolerationSeconds",
  "resource.v1.ExactDeviceRequest":
    "!deviceClassName selectors allocationMode count *adminAccess tolerations *capacity",
  "resource.v1.ResourceSliceSpec":
    "!driver !pool *nodeName *nodeSelector *allNodes devices *perDeviceNodeSelection sharedCounters",
  "storage.v1.CSIDriverSpec": "*nodeAllocatableUpdatePeriodSeconds",
  "storage.v1.VolumeError": "*errorCode",
  "apiregistration.v1.APIService": "metadata spec status",
  "apiregistration.v1.APIServiceCondition": "!type !status lastTransitionTime reason message",
  "apiregistration.v1.APIServiceSpec":
    "*service group version insecureSkipTLSVerify caBundle !groupPriorityMinimum !versionPriority",
  "apiregistration.v1.APIServiceStatus": "conditions",
  "apiregistration.v1.ServiceReference": "namespace name *port",
  "apiextensions.v1.CustomResourceColumnDefinition":
    "!name !type format description priority !jsonPath",
  "apiextensions.v1.CustomResourceConversion": "!strategy *webhook",
  "apiextensions.v1.CustomResourceDefinition": "metadata !spec status",
  "apiextensions.v1.CustomResourceDefinitionCondition":
    "!type !status lastTransitionTime reason message",
  "apiextensions.v1.CustomResourceDefinitionNames":
    "!plural singular shortNames !kind listKind categories",
  "apiextensions.v1.CustomResourceDefinitionSpec":
    "!group !names !scope !versions *conversion preserveUnknownFields",
  "apiextensions.v1.CustomResourceDefinitionStatus": "!conditions !acceptedNames !storedVersions",
  "apiextensions.v1.CustomResourceDefinitionVersion":
    "!name !served !storage deprecated *deprecationWarning *schema *subresources additionalPrinterColumns selectableFields",
  "apiextensions.v1.CustomResourceSubresourceScale":
    "!specReplicasPath !statusReplicasPath *labelSelectorPath",
  "apiextensions.v1.CustomResourceSubresources": "*status *scale",
  "apiextensions.v1.CustomResourceValidation": "*openAPIV3Schema",
  "apiextensions.v1.ExternalDocumentation": "description url",
  "apiextensions.v1.JSONSchemaProps":
    "id $schema=schema *$ref=ref description type format title *default *maximum exclusiveMaximum *minimum exclusiveMinimum *maxLength *minLength pattern *maxItems *minItems uniqueItems *multipleOf enum *maxProperties *minProperties required *items allOf oneOf anyOf *not properties *additionalProperties patternProperties dependencies *additionalItems definitions *externalDocs *example nullable *x-kubernetes-preserve-unknown-fields=xKubernetesPreserveUnknownFields x-kubernetes-embedded-resource=xKubernetesEmbeddedResource x-kubernetes-int-or-string=xKubernetesIntOrString x-kubernetes-list-map-keys=xKubernetesListMapKeys *x-kubernetes-list-type=xKubernetesListType *x-kubernetes-map-type=xKubernetesMapType x-kubernetes-validations=xKubernetesValidations",
  "apiextensions.v1.SelectableField": "!jsonPath",
  "apiextensions.v1.ServiceReference": "!namespace !name *path *port",
  "apiextensions.v1.ValidationRule":
    "!rule message messageExpression *reason fieldPath *optionalOldSelf",
  "apiextensions.v1.WebhookClientConfig": "*url *service caBundle",
  "apiextensions.v1.WebhookConversion": "*clientConfig !conversionReviewVersions",
};
