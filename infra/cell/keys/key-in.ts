import type { RegionName } from "@castle/regions/catalogue.ts";

/**
 * The ARN of a multi-Region key's replica in another region: id and key material are the same in all of them.
 * @throws Error when the ARN is of no multi-Region key: such a one has no replicas
 */
export function keyIn(region: RegionName, arn: string): string {
  const parts = /^(arn:aws:kms:)[a-z0-9-]+(:\d{12}:key\/mrk-[0-9a-f]+)$/.exec(arn);
  if (!parts)
    throw new Error(`${arn} is of no multi-Region key (…:key/mrk-…), and so there is none in ${region}`);
  return `${parts[1]}${region}${parts[2]}`;
}
