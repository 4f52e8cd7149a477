// Manifests of the sizes that people edit, and where in them a key is pressed.

/** 50 lines: a Pod as one writes it. */
const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: default
  labels:
    app: ${name}
    tier: frontend
  annotations:
    prometheus.io/scrape: "true"
spec:
  serviceAccountName: default
  terminationGracePeriodSeconds: 10
  nodeSelector:
    kubernetes.io/os: linux
  tolerations:
    - key: dedicated
      operator: Equal
      value: web
      effect: NoSchedule
  containers:
    - name: app
      image: nginx:1.27
      args: ["-g", "daemon off;"]
      ports:
        - name: http
          containerPort: 80
      env:
        - name: MODE
          value: production
        - name: TOKEN
          valueFrom:
            secretKeyRef:
              name: settings
              key: token
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
        limits:
          memory: 256Mi
      readinessProbe:
        httpGet:
          path: /healthz
          port: http
        periodSeconds: 5
      volumeMounts:
        - { name: cache, mountPath: /cache }
  volumes:
    - { name: cache, emptyDir: {} }
`;

const deployment = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: ${name}
      containers:
        - name: app
          image: registry.example.com/shop/${name}:1.4.2
          ports:
            - containerPort: 8080
          resources:
            requests:
              cpu: 250m
              memory: 256Mi
          livenessProbe:
            tcpSocket:
              port: 8080
            initialDelaySeconds: 3
`;

const service = (name: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  type: ClusterIP
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      targetPort: 8080
`;

const configMap = (name: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
${Array.from({ length: 60 }, (_, i) => `  key-${i}: value ${i}\n`).join("")}`;

const makers = [pod, deployment, service, configMap];

/** @returns a text of about so many lines, its documents of several kinds, and how many they are */
export function manifestOf(lines: number): { readonly text: string; readonly documents: number } {
  const documents: string[] = [];
  for (let count = 0; count < lines; ) {
    const i = documents.length;
    const next = makers[i % makers.length]?.(`app-${i}`) ?? "";
    documents.push(next);
    count += next.split("\n").length;
  }
  return { text: documents.join("---\n"), documents: documents.length };
}

export const singlePod = pod("web");

/** The text after so many keys, never twice the same: a name near its middle grows. */
export function typed(text: string, keys: number): string {
  const at = text.indexOf("name: ", text.length >> 1) + "name: ".length;
  return `${text.slice(0, at)}n${keys}-${text.slice(at)}`;
}
