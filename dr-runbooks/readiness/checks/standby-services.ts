import { seconds } from "@castle/regions/duration.ts";
import { services } from "@castle/services/catalogue.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export const standbyServices: Check = {
  name: "standby-services",
  why: "A takeover opens what already runs in the peer: services that are missing there have to be started first.",
  mend: "Scale the peer's deployments to what runs in the active cell, and look at the logs of those that do not get ready.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const [here, there] = await Promise.all([world.connected(active), world.connected(peer)]);
    return judgeStandbyServices(here.programs, there.programs);
  },
};

/**
 * Every instance of a service is connected to its cell's database under its own name (`order-gateway-0`, with what the
 * connection is for behind it): so a database knows who runs in its cell. Pure.
 */
export function judgeStandbyServices(active: readonly string[], peer: readonly string[]): Verdict {
  const counted = services.map(({ name }) => ({
    name,
    active: instancesOf(name, active),
    peer: instancesOf(name, peer),
  }));
  const against = counted
    .filter((service) => service.peer < Math.max(1, service.active))
    .map((service) => `${service.peer} of ${service.name}, in the active cell ${service.active}`);
  return judged(against, {
    found: counted.map((service) => `${service.peer} ${service.name}`).join(", "),
    wanted: "of each service as many instances as in the active cell, and at least one",
  });
}

const instancesOf = (service: string, programs: readonly string[]): number =>
  new Set(
    programs.map((program) => program.split(" ")[0] ?? "").filter((name) => name.startsWith(`${service}-`)),
  ).size;
