import type { Finding } from "../rule.ts";
import type { Resource } from "./resource.ts";

/** How a rule judges that is about one property of one resource. @throws NotKnown when it is known only after deployment */
type Judge = (resource: Resource) => readonly Finding[];

/** The property is on. */
export const isOn =
  (property: string): Judge =>
  (resource) =>
    resource.value(property) === true ? [] : [{ resource, property, found: "off", wanted: "on" }];

/** The property is this word. @param otherwise what AWS takes where it is left out, as a person would say it */
export const says =
  (property: string, wanted: string, otherwise = "none"): Judge =>
  (resource) => {
    const found = resource.text(property) ?? otherwise;
    return found === wanted ? [] : [{ resource, property, found, wanted }];
  };

/** The property is given, whatever it is. @param wanted and @param otherwise as a person would say them */
export const isGiven =
  (property: string, wanted: string, otherwise = "none"): Judge =>
  (resource) =>
    resource.has(property) ? [] : [{ resource, property, found: otherwise, wanted }];
