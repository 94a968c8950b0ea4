import { controlsOf } from "./entry.ts";

/** All recommendations for what is the customer's part. */
export const cisEks = controlsOf(`
2.1.1 | Audit logs are on | nobody
2.1.2 | Audit logs are collected and managed | nobody
3.1.1 | Permissions of the kubeconfig file | aws
3.1.2 | Ownership of the kubeconfig file | aws
3.1.3 | Permissions of the kubelet file | aws
3.1.4 | Ownership of the kubelet file | aws
3.2.1 | Kubelet: no anonymous requests | aws
3.2.2 | Kubelet: authorisation by webhook | aws
3.2.3 | Kubelet: client CA | aws
3.2.4 | Kubelet: no read-only port | aws
3.2.5 | Kubelet: streaming timeouts | aws
3.2.6 | Kubelet: iptables chains | aws
3.2.7 | Kubelet: event capture | aws
3.2.8 | Kubelet: rotation of client certificates | aws
3.2.9 | Kubelet: rotation of server certificates | aws
4.1.1 | cluster-admin only where required | nobody
4.1.2 | Access to secrets is minimised | nobody
4.1.3 | Wildcards in roles are minimised | nobody
4.1.4 | Creation of pods is minimised | nobody
4.1.5 | Default service accounts are not used | nobody
4.1.6 | Service account tokens only where needed | nobody
4.1.7 | Access entries instead of the config map | nobody
4.1.8 | bind, impersonate and escalate are limited | nobody
4.2.1 | No privileged containers | nobody
4.2.2 | No host process namespace | nobody
4.2.3 | No host IPC namespace | nobody
4.2.4 | No host network | nobody
4.2.5 | No escalation of privileges | nobody
4.3.1 | The CNI supports network policies | nobody
4.3.2 | Every namespace has network policies | nobody
4.4.1 | Secrets as files rather than variables | nobody
4.4.2 | Secrets are stored outside | nobody
4.5.1 | Namespaces bound resources | nobody
4.5.2 | The default namespace is not used | nobody
5.1.1 | Images are scanned | nobody
5.1.2 | Access to the registry is minimised | nobody
5.1.3 | The cluster only reads the registry | nobody
5.1.4 | Only approved registries | nobody
5.2.1 | Service accounts have roles of their own | nobody
5.3.1 | Secrets are encrypted by a key of ours | nobody
5.4.1 | Access to the control plane's endpoint is restricted | nobody
5.4.2 | The endpoint is private | nobody
5.4.3 | Nodes are private | nobody
5.4.4 | Network policy is on | nobody
5.4.5 | Load balancers use TLS | nobody
5.5.1 | Access by IAM | nobody
`);
