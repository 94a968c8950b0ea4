import { cellRegions } from "@castle/regions/catalogue.ts";
import { Certificates } from "./acm/certificates.ts";
import type { LabIdentifiers } from "./identifiers.ts";
import type { Topic } from "./sns/topics.ts";

/** What the lab's account has in both of its cells' regions from the beginning, besides what its processes stand for. */

/** Where handovers are told; one topic for people and one, in order and without repetition, for machines. */
export const handoverTopic = "castle-handovers";

export const labTopics = (identifiers: LabIdentifiers): readonly Topic[] =>
  cellRegions.flatMap((region) =>
    [handoverTopic, `${handoverTopic}.fifo`].map((name) => ({
      ...{ name, region, arn: identifiers.topicArn(region, name) },
    })),
  );

/** The names that traders reach a cell by, on AWS: `.test` is nobody's. */
export const certificateDomains = ["api.castle.test", "stream.castle.test"] as const;

export function labCertificates(identifiers: LabIdentifiers): Certificates {
  const certificates = new Certificates(identifiers.account);
  for (const region of cellRegions)
    for (const domain of certificateDomains) certificates.issue(domain, region);
  return certificates;
}
