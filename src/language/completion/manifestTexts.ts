// One manifest of each common kind, to begin with. What stands in «» is to be filled in; what has the
// same words there is the same.

export const manifestTexts: readonly string[] = [
  `apiVersion: v1
kind: Pod
metadata:
  name: «app»
  labels:
    app: «app»
spec:
  containers:
    - name: «app»
      image: «nginx:1.27»
      ports:
        - containerPort: «80»
      resources:
        requests:
          cpu: «100m»
          memory: «128Mi»
        limits:
          memory: «128Mi»
`,
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: «app»
  labels:
    app: «app»
spec:
  replicas: «3»
  selector:
    matchLabels:
      app: «app»
  template:
    metadata:
      labels:
        app: «app»
    spec:
      containers:
        - name: «app»
          image: «nginx:1.27»
          ports:
            - name: http
              containerPort: «80»
          readinessProbe:
            httpGet:
              path: «/»
              port: http
          resources:
            requests:
              cpu: «100m»
              memory: «128Mi»
            limits:
              memory: «128Mi»
`,
  `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: «app»
spec:
  serviceName: «app»
  replicas: «3»
  selector:
    matchLabels:
      app: «app»
  template:
    metadata:
      labels:
        app: «app»
    spec:
      containers:
        - name: «app»
          image: «redis:7.4»
          ports:
            - containerPort: «6379»
          volumeMounts:
            - name: data
              mountPath: «/data»
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        resources:
          requests:
            storage: «1Gi»
`,
  `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: «agent»
spec:
  selector:
    matchLabels:
      app: «agent»
  template:
    metadata:
      labels:
        app: «agent»
    spec:
      containers:
        - name: «agent»
          image: «busybox:1.36»
          command: ["sh", "-c", "«sleep infinity»"]
`,
  `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: «app»
spec:
  replicas: «3»
  selector:
    matchLabels:
      app: «app»
  template:
    metadata:
      labels:
        app: «app»
    spec:
      containers:
        - name: «app»
          image: «nginx:1.27»
`,
  `apiVersion: batch/v1
kind: Job
metadata:
  name: «task»
spec:
  backoffLimit: «4»
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: «task»
          image: «busybox:1.36»
          command: ["sh", "-c", "«echo done»"]
`,
  `apiVersion: batch/v1
kind: CronJob
metadata:
  name: «task»
spec:
  schedule: "«*/5 * * * *»"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: «task»
              image: «busybox:1.36»
              command: ["sh", "-c", "«echo done»"]
`,
  `apiVersion: v1
kind: Service
metadata:
  name: «app»
spec:
  selector:
    app: «app»
  ports:
    - port: «80»
      targetPort: «8080»
`,
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: «app»
spec:
  rules:
    - host: «app.example.com»
      http:
        paths:
          - path: «/»
            pathType: Prefix
            backend:
              service:
                name: «app»
                port:
                  number: «80»
`,
  `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: «nginx»
spec:
  controller: «k8s.io/ingress-nginx»
`,
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: «app»
spec:
  podSelector:
    matchLabels:
      app: «app»
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: «client»
      ports:
        - port: «80»
`,
  `apiVersion: v1
kind: ConfigMap
metadata:
  name: «settings»
data:
  «KEY»: «value»
`,
  `apiVersion: v1
kind: Secret
metadata:
  name: «credentials»
type: Opaque
stringData:
  «username»: «admin»
  «password»: «change-me»
`,
  `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: «data»
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: «1Gi»
`,
  `apiVersion: v1
kind: PersistentVolume
metadata:
  name: «disk»
spec:
  capacity:
    storage: «1Gi»
  accessModes:
    - ReadWriteOnce
  persistentVolumeReclaimPolicy: Retain
  storageClassName: «manual»
  hostPath:
    path: «/mnt/data»
`,
  `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: «fast»
provisioner: «kubernetes.io/no-provisioner»
volumeBindingMode: WaitForFirstConsumer
`,
  `apiVersion: v1
kind: Namespace
metadata:
  name: «team»
`,
  `apiVersion: v1
kind: ServiceAccount
metadata:
  name: «app»
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: «reader»
rules:
  - apiGroups: [""]
    resources: ["«pods»"]
    verbs: ["get", "list", "watch"]
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: «readers»
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: «reader»
subjects:
  - kind: ServiceAccount
    name: «app»
    namespace: «default»
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: «reader»
rules:
  - apiGroups: [""]
    resources: ["«nodes»"]
    verbs: ["get", "list", "watch"]
`,
  `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: «readers»
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: «reader»
subjects:
  - kind: ServiceAccount
    name: «app»
    namespace: «default»
`,
  `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: «app»
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: «app»
  minReplicas: «2»
  maxReplicas: «10»
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: «80»
`,
  `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: «app»
spec:
  minAvailable: «1»
  selector:
    matchLabels:
      app: «app»
`,
  `apiVersion: v1
kind: ResourceQuota
metadata:
  name: «quota»
spec:
  hard:
    requests.cpu: "«4»"
    requests.memory: «8Gi»
    pods: "«20»"
`,
  `apiVersion: v1
kind: LimitRange
metadata:
  name: «limits»
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: «100m»
        memory: «128Mi»
      default:
        memory: «256Mi»
`,
  `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: «important»
value: «1000»
description: «What must run first.»
`,
  `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: «things».«example.com»
spec:
  group: «example.com»
  scope: Namespaced
  names:
    plural: «things»
    singular: «thing»
    kind: «Thing»
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                «size»:
                  type: integer
`,
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: «policy»
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: ["apps"]
        apiVersions: ["v1"]
        operations: ["CREATE", "UPDATE"]
        resources: ["deployments"]
  validations:
    - expression: «object.spec.replicas <= 5»
      message: «No more than 5 replicas.»
`,
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: «policy»
spec:
  policyName: «policy»
  validationActions: [Deny]
`,
];
