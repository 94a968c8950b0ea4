import { MONITORING_NAMESPACE } from "../../../workloads/firewall.ts";
import type { AddOn, AddOnFacts } from "./add-on.ts";
import { karpenterStatements } from "./karpenter.ts";

/** Two of what must not be missing when a node is. */
const PAIR = 2;

/** What a cell's cluster has beside the services. Plain data; pure. */
export function addOnsOf({ context, vpcId, nodeRoleName, servicesLogGroup }: AddOnFacts): readonly AddOn[] {
  const { names, settings, region } = context;
  const { account } = settings;
  const clusterName = names.cluster;
  const regionName = region.name;
  const all: readonly AddOn[] = [
    {
      chart: "loadBalancerController",
      namespace: "kube-system",
      purpose:
        "Keeps the target groups' members equal to the services' pods. The load balancer itself is Pulumi's.",
      inPreview: true,
      values: {
        clusterName,
        region: regionName,
        // It would ask the node's metadata for it, which no pod reaches.
        vpcId,
        replicaCount: PAIR,
        serviceAccount: { name: "load-balancer-controller" },
        // Load balancers are made by Pulumi alone, where policies see them.
        enableServiceMutatorWebhook: false,
        controllerConfig: { featureGates: { NLBSecurityGroup: false } },
      },
      identity: {
        serviceAccount: "load-balancer-controller",
        statements: [
          {
            Sid: "See",
            Effect: "Allow",
            Action: [
              "ec2:DescribeAvailabilityZones",
              "ec2:DescribeInstances",
              "ec2:DescribeNetworkInterfaces",
              "ec2:DescribeSecurityGroups",
              "ec2:DescribeSubnets",
              "ec2:DescribeVpcs",
              "elasticloadbalancing:DescribeTargetGroups",
              "elasticloadbalancing:DescribeTargetHealth",
            ],
            // EC2 and load balancing offer nothing narrower for what only looks.
            Resource: ["*"],
          },
          {
            Sid: "BindPods",
            Effect: "Allow",
            Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            Resource: [`arn:aws:elasticloadbalancing:${regionName}:${account}:targetgroup/*`],
          },
        ],
      },
    },
    {
      chart: "externalSecrets",
      namespace: "external-secrets",
      purpose: "Brings secrets from the region's Secrets Manager into the cluster.",
      inPreview: true,
      values: { replicaCount: PAIR, serviceAccount: { name: "external-secrets" } },
      identity: {
        serviceAccount: "external-secrets",
        statements: [
          {
            Sid: "ReadWhatServicesAreGiven",
            Effect: "Allow",
            Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            Resource: [
              `arn:aws:secretsmanager:${regionName}:${account}:secret:${names.secret("services", "*")}`,
            ],
          },
          {
            Sid: "OpenThem",
            Effect: "Allow",
            Action: ["kms:Decrypt"],
            // The key's id is not known before it exists: any key of the account, for what Secrets Manager asks alone.
            Resource: [`arn:aws:kms:${regionName}:${account}:key/*`],
            Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${regionName}.amazonaws.com` } },
          },
        ],
      },
    },
    {
      chart: "metricsServer",
      namespace: "kube-system",
      purpose: "Tells the autoscalers what pods use.",
      inPreview: true,
      values: { replicas: PAIR },
    },
    {
      chart: "karpenter",
      namespace: "kube-system",
      purpose: "Brings nodes when pods find no room, and takes them away.",
      inPreview: false,
      values: {
        replicas: PAIR,
        serviceAccount: { name: "karpenter" },
        settings: { clusterName, interruptionQueue: "" },
      },
      identity: {
        serviceAccount: "karpenter",
        statements: karpenterStatements({ account, region: regionName, cluster: clusterName, nodeRoleName }),
      },
    },
    {
      chart: "argoCd",
      namespace: "argocd",
      purpose: "Rolls releases out from Git, the same in both cells.",
      inPreview: false,
      values: {
        configs: { params: { "server.insecure": false }, cm: { "admin.enabled": false } },
        controller: { replicas: 1 },
        server: { replicas: PAIR },
        repoServer: { replicas: PAIR },
        dex: { enabled: false },
        notifications: { enabled: false },
      },
    },
    {
      chart: "prometheus",
      namespace: MONITORING_NAMESPACE,
      purpose: "Asks every service for its metrics, keeps them, and shows them.",
      inPreview: false,
      values: {
        prometheus: {
          prometheusSpec: {
            retention: "15d",
            replicas: PAIR,
            additionalScrapeConfigs: [scrape(names.namespace)],
          },
        },
        grafana: {
          // The chart's administrator has a password that everybody knows: nobody logs in. Whom the cluster's API lets
          // forward a port sees the dashboards, and changes none.
          "grafana.ini": {
            auth: { disable_login_form: true },
            "auth.basic": { enabled: false },
            "auth.anonymous": { enabled: true, org_role: "Viewer" },
          },
          // Without a login the side container cannot ask for a reload: sources are there from the start.
          sidecar: { datasources: { initDatasources: true } },
        },
        alertmanager: { enabled: false },
      },
    },
    {
      chart: "logs",
      namespace: "logging",
      purpose: "Ships the services' lines to CloudWatch, each as it was written: alarms count them.",
      inPreview: true,
      values: {
        serviceAccount: { name: "fluent-bit" },
        input: { path: `/var/log/containers/*_${names.namespace}_*.log`, memBufLimit: "16MB" },
        cloudWatchLogs: {
          enabled: true,
          region: regionName,
          logGroupName: servicesLogGroup,
          // The chart's own template goes before the name: each namespace's lines would be written to another group.
          logGroupTemplate: "",
          logStreamPrefix: "pod-",
          logKey: "log",
          autoCreateGroup: false,
        },
      },
      identity: {
        serviceAccount: "fluent-bit",
        statements: [
          {
            Sid: "WriteTheServicesLines",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [`arn:aws:logs:${regionName}:${account}:log-group:${servicesLogGroup}:*`],
          },
        ],
      },
    },
    {
      chart: "telemetry",
      namespace: MONITORING_NAMESPACE,
      purpose: "Takes traces by OpenTelemetry and hands them to X-Ray.",
      inPreview: false,
      values: {
        mode: "deployment",
        replicaCount: PAIR,
        image: { repository: "otel/opentelemetry-collector-contrib" },
        serviceAccount: { name: "telemetry" },
        config: {
          receivers: {
            otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" }, http: { endpoint: "0.0.0.0:4318" } } },
          },
          exporters: { awsxray: { region: regionName } },
          service: { pipelines: { traces: { receivers: ["otlp"], exporters: ["awsxray"] } } },
        },
      },
      identity: {
        serviceAccount: "telemetry",
        statements: [
          {
            Sid: "Trace",
            Effect: "Allow",
            Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            // X-Ray has no resources to name.
            Resource: ["*"],
          },
        ],
      },
    },
  ];
  return settings.profile.name === "preview" ? all.filter(({ inPreview }) => inPreview) : all;
}

/** Every pod of the platform's namespace, at the port that it calls internal. */
const scrape = (namespace: string) => ({
  job_name: "castle",
  kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [namespace] } }],
  relabel_configs: [
    { source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: "internal", action: "keep" },
    { source_labels: ["__meta_kubernetes_pod_name"], target_label: "instance" },
  ],
});
