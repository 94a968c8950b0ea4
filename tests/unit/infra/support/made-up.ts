/** A key as the cell's parts are told of it. */
export const keyOfTests = {
  keyArn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0",
};

const zones = ["1", "2", "3"];
const table = (tier: string, zone: string) => ({
  id: `rtb-${tier.toLowerCase()}-${zone}`,
  tags: { SubnetType: tier },
});

/** What awsx, which arrives as one resource, tells of the VPC it made. */
export const vpcOutputs = {
  "awsx:ec2:Vpc": (_: unknown, name: string) => ({
    vpcId: `${name}-vpc`,
    publicSubnetIds: zones.map((zone) => `subnet-public-${zone}`),
    privateSubnetIds: zones.map((zone) => `subnet-private-${zone}`),
    isolatedSubnetIds: zones.map((zone) => `subnet-data-${zone}`),
    // In awsx's order: by zone, and by tier in each.
    routeTables: zones.flatMap((zone) => ["Public", "Private", "Isolated"].map((tier) => table(tier, zone))),
  }),
};
