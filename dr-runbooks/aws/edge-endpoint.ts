import type { EndpointConfiguration, GlobalAcceleratorClient } from "@aws-sdk/client-global-accelerator";
import { sdk } from "./sdk.ts";

/** The weight of an endpoint that may take traffic: the accelerator's default. With 0 it is kept out, healthy or not. */
export const ADMITTED = 128;
export const PINNED = 0;

/** A cell's load balancer as an endpoint of the accelerator. */
export class EdgeEndpoint {
  readonly #client: GlobalAcceleratorClient;
  readonly #groupArn: string;
  readonly #endpointId: string;

  constructor(
    client: GlobalAcceleratorClient,
    place: { readonly endpointGroupArn: string; readonly endpointId: string },
  ) {
    this.#client = client;
    this.#groupArn = place.endpointGroupArn;
    this.#endpointId = place.endpointId;
  }

  /** The endpoint's weight, 0 to 255; null when it has been taken out of its group. */
  async weight(): Promise<number | null> {
    const found = (await this.#configurations()).find(({ EndpointId: id }) => id === this.#endpointId);
    return found ? (found.Weight ?? ADMITTED) : null;
  }

  async setWeight(weight: number): Promise<void> {
    // UpdateEndpointGroup replaces the whole list: what is left out of it is taken out of the group.
    const now = await this.#configurations();
    const mine = now.find(({ EndpointId: id }) => id === this.#endpointId) ?? {
      EndpointId: this.#endpointId,
    };
    const others = now.filter((endpoint) => endpoint !== mine);
    await this.#client.send(
      new sdk.globalAccelerator.UpdateEndpointGroupCommand({
        EndpointGroupArn: this.#groupArn,
        EndpointConfigurations: [...others, { ...mine, Weight: weight }],
      }),
    );
  }

  async #configurations(): Promise<EndpointConfiguration[]> {
    const { EndpointGroup: group } = await this.#client.send(
      new sdk.globalAccelerator.DescribeEndpointGroupCommand({ EndpointGroupArn: this.#groupArn }),
    );
    return (group?.EndpointDescriptions ?? []).map((endpoint) => ({
      ...(endpoint.EndpointId === undefined ? {} : { EndpointId: endpoint.EndpointId }),
      ...(endpoint.Weight === undefined ? {} : { Weight: endpoint.Weight }),
      ...(endpoint.ClientIPPreservationEnabled === undefined
        ? {}
        : { ClientIPPreservationEnabled: endpoint.ClientIPPreservationEnabled }),
    }));
  }
}
