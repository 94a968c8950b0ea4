/**
 * Kubernetes's version. In EKS's standard support until March 2027 (EKS User Guide, "Kubernetes release calendar"); after
 * it EKS upgrades a cell by itself, so it is raised before.
 */
export const KUBERNETES = "1.35";

/** Charts, each pinned; raised in `dev` first. Where a chart's versions are told: its repository's index. */
export const charts = {
  loadBalancerController: {
    repo: "https://aws.github.io/eks-charts",
    chart: "aws-load-balancer-controller",
    version: "1.13.4",
  },
  externalSecrets: {
    repo: "https://charts.external-secrets.io",
    chart: "external-secrets",
    version: "0.19.2",
  },
  metricsServer: {
    repo: "https://kubernetes-sigs.github.io/metrics-server",
    chart: "metrics-server",
    version: "3.13.0",
  },
  // Of all add-ons the one that is tied to Kubernetes's version: 1.35 wants 1.9 or newer (its compatibility matrix).
  karpenter: { repo: null, chart: "oci://public.ecr.aws/karpenter/karpenter", version: "1.9.0" },
  argoCd: { repo: "https://argoproj.github.io/argo-helm", chart: "argo-cd", version: "8.3.0" },
  prometheus: {
    repo: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "75.15.1",
  },
  logs: { repo: "https://aws.github.io/eks-charts", chart: "aws-for-fluent-bit", version: "0.1.35" },
  telemetry: {
    repo: "https://open-telemetry.github.io/opentelemetry-helm-charts",
    chart: "opentelemetry-collector",
    version: "0.131.0",
  },
} as const;

export type ChartName = keyof typeof charts;
