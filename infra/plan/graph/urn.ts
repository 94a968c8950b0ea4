const DELIMITER = "::";

/** `urn:pulumi:STACK::PROJECT::PARENT-TYPES$TYPE::NAME`, as Pulumi makes it. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent ? typeChain(parent) : "";
  // The stack is everything's parent, and is not told in what it holds.
  const chain = above && above !== STACK_TYPE ? `${above}$${type}` : type;
  return [`urn:pulumi:${stack}`, project, chain, name].join(DELIMITER);
}

export const STACK_TYPE = "pulumi:pulumi:Stack";

/** Types of a resource and of all it is in, outermost first, between dollar signs. */
export const typeChain = (urn: string): string => urn.split(DELIMITER)[2] ?? "";

export const nameOf = (urn: string): string => urn.split(DELIMITER).slice(3).join(DELIMITER);

export const typeOf = (urn: string): string => typeChain(urn).split("$").at(-1) ?? "";

/** A provider's reference is its URN and its id. */
export const urnOfReference = (reference: string): string =>
  reference.slice(0, reference.lastIndexOf(DELIMITER));
