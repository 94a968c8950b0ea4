import { seconds } from "@castle/regions/duration.ts";
import { type Sizes, services } from "@castle/services/catalogue.ts";
import { sizesIn } from "../../kubernetes/sizes.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export const standbyServices: Check = {
  name: "standby-services",
  why: "A takeover opens what already runs in the peer: services that are missing there have to be started first.",
  mend: "Scale the peer's deployments to their warm size, and look at the logs of those that do not get ready.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { peer } = await world.sides();
    const { programs } = await world.connected(peer);
    return judgeStandbyServices(programs, sizesIn(world.target.cells[peer].cluster ?? {}));
  },
};

/**
 * Every instance of a service is connected to its cell's database under its own name (`order-gateway-0`, with what the
 * connection is for behind it): so a database knows who runs in its cell, whatever Kubernetes says of it. Pure.
 * @param programs connected to the peer's database.
 */
export function judgeStandbyServices(programs: readonly string[], sizes: Sizes): Verdict {
  const counted = services.map(({ name }) => ({
    ...{ name, least: sizes[name].standby },
    running: instancesOf(name, programs),
  }));
  return judged(
    counted
      .filter(({ running, least }) => running < least)
      .map(({ name, running, least }) => `${running} of ${name}, ${least} wanted`),
    {
      found: counted.map(({ name, running }) => `${running} ${name}`).join(", "),
      wanted: `at least ${counted.map(({ name, least }) => `${least} ${name}`).join(", ")}: the warm size`,
    },
  );
}

const instancesOf = (service: string, programs: readonly string[]): number =>
  new Set(
    programs.map((program) => program.split(" ")[0] ?? "").filter((name) => name.startsWith(`${service}-`)),
  ).size;
