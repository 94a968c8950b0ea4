import { DescribeEndpointGroupCommand } from "@aws-sdk/client-global-accelerator";
import { type AwsClients, awsClients } from "@castle/dr-runbooks/clients.ts";
import type { CellRegion, Target } from "@castle/dr-runbooks/target.ts";
import { seconds } from "@castle/regions/duration.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";

/** What an operator sees of a running Castle, through nothing but the APIs an operator has. */
export class Operator {
  readonly #target: Target;
  readonly #aws: AwsClients;
  readonly #witness: DynamoWitness;

  constructor(target: Target) {
    this.#target = target;
    this.#aws = awsClients(target);
    // Nothing is decided on how soon it answers, and on a busy machine a drill ended over it.
    this.#witness = new DynamoWitness({ ...target.witness, timeout: seconds(30) });
  }

  /** Whether the accelerator finds no healthy endpoint in the region. */
  async regionLooksLost(region: CellRegion): Promise<boolean> {
    const { EndpointGroup: group } = await this.#aws
      .accelerator()
      .send(
        new DescribeEndpointGroupCommand({ EndpointGroupArn: this.#target.cells[region].endpointGroupArn }),
      );
    const endpoints = group?.EndpointDescriptions ?? [];
    return endpoints.length > 0 && endpoints.every(({ HealthState: health }) => health === "UNHEALTHY");
  }

  witness(): Promise<WitnessRecord> {
    return this.#witness.read();
  }

  close(): void {
    this.#aws.close();
    this.#witness.close();
  }
}
