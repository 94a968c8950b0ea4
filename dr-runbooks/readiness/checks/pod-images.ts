import { seconds } from "@castle/regions/duration.ts";
import { services } from "@castle/services/catalogue.ts";
import type { Pod } from "../../kubernetes/objects.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";

export const podImages: Check = {
  name: "pod-images",
  why: "After a takeover another build would trade than the one that traders know, on data that the other one wrote.",
  mend: "Deploy the same images, by their digest, to both cells; during a deployment, wait until it has reached both.",
  severity: "warns",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const [here, there] = [world.cluster(active), world.cluster(peer)];
    if (!here || !there) return notConfigured("cluster");
    return judgePodImages(...(await Promise.all([here.pods(), there.pods()])));
  },
};

/** By digest, since a tag may mean another image tomorrow. Whether there are pods at all is not asked here. Pure. */
export function judgePodImages(active: readonly Pod[], peer: readonly Pod[]): Verdict {
  const against = services.flatMap(({ name }) => {
    const [here, there] = [digestsOf(name, active), digestsOf(name, peer)];
    if (here.length === 0 || there.length === 0) return [];
    return here.length === 1 && there.length === 1 && here[0] === there[0]
      ? []
      : [`${name} runs ${here.map(short).join(" and ")}, in the peer ${there.map(short).join(" and ")}`];
  });
  return judged(against, {
    found: "each service runs one image, the same in both cells",
    wanted: "each service's pods of one image, the same in both cells by its digest",
  });
}

const digestsOf = (service: string, pods: readonly Pod[]): string[] =>
  [...new Set(pods.filter((pod) => pod.service === service).flatMap(({ digest }) => digest ?? []))].sort();

const short = (digest: string): string => digest.slice(0, "sha256:".length + 12);
