import type { RegionName } from "@castle/regions/catalogue.ts";

export interface ReadyScriptArgs {
  readonly region: RegionName;
  readonly group: string;
  readonly hook: string;
  readonly fileSystem: string;
}

/** How often a node that still synchronises says that it is alive: well within the hook's patience. */
const HEARTBEAT_SECONDS = 300;
const COMPLETE_PAUSE_SECONDS = 15;
const COMPLETE_TRIES = 40;

/**
 * What a node does when it starts, as user data. cloud-init runs it once in an instance's life, and a node of the warm pool
 * starts more often: so it leaves a systemd unit, which runs at each start. The unit waits until the node has the chain's
 * newest block, telling Auto Scaling meanwhile that it is alive, and only then lets it be counted in.
 *
 * The image provides `castle-chain-synced`, which exits 0 when the node is at the chain's head, amazon-efs-utils and the
 * AWS CLI. Pure.
 */
export const readyScript = ({ region, group, hook, fileSystem }: ReadyScriptArgs): string => `#!/bin/bash
set -euo pipefail
mkdir -p /mnt/snapshots
grep -q ' /mnt/snapshots ' /etc/fstab ||
  echo '${fileSystem}:/ /mnt/snapshots efs _netdev,tls,iam 0 0' >> /etc/fstab
mount -a -t efs

cat > /usr/local/bin/castle-chain-ready <<'SCRIPT'
#!/bin/bash
set -euo pipefail
metadata() {
  local token
  token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  curl -sf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}
instance=$(metadata instance-id)
tell() {
  aws autoscaling "$@" --region ${region} --auto-scaling-group-name ${group} \\
    --lifecycle-hook-name ${hook} --instance-id "$instance"
}
until castle-chain-synced; do
  # Nobody waits for a node that is in service already, or is being ended.
  tell record-lifecycle-action-heartbeat || true
  sleep ${HEARTBEAT_SECONDS}
done
# A node that was quick may be at the chain's head before Auto Scaling waits for it; one in service is waited for by nobody.
for _ in $(seq ${COMPLETE_TRIES}); do
  tell complete-lifecycle-action --lifecycle-action-result CONTINUE && exit 0
  sleep ${COMPLETE_PAUSE_SECONDS}
done
SCRIPT
chmod 755 /usr/local/bin/castle-chain-ready

cat > /etc/systemd/system/castle-chain-ready.service <<'UNIT'
[Unit]
Description=Counts this node in once it has the newest block
After=network-online.target
Wants=network-online.target
[Service]
Type=simple
ExecStart=/usr/local/bin/castle-chain-ready
Restart=on-failure
RestartSec=30
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now castle-chain-ready.service
`;
