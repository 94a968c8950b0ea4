import type { Value } from "../graph/value.ts";

/**
 * Functions of providers that are answered without asking anybody: those whose answer follows from their arguments.
 * All others would need an account, and are refused.
 */
export const functions: Readonly<
  Record<string, (args: { readonly [key: string]: Value }) => Record<string, unknown>>
> = {
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
};

/**
 * Functions whose answer is a secret that only an account can tell, and that nothing in a plan hangs on: by token, what
 * in the answer is secret. It stays unknown.
 */
export const secretAnswers: Readonly<Record<string, readonly string[]>> = {
  "aws:secretsmanager/getRandomPassword:getRandomPassword": ["randomPassword"],
  "aws:secretsmanager/getSecretVersion:getSecretVersion": ["secretString"],
};

/** Methods of remote components, whose answers nobody knows before there is one: what they will tell. */
export const methods: Readonly<Record<string, readonly string[]>> = {
  "eks:index:Cluster/getKubeconfig": ["result"],
};

export const functionRefused = (token: string): string =>
  `a plan asks nobody, and ${token} would ask the provider: use a name or a value that is known to the program, or answer the function in infra/plan/engine/functions.ts if its answer follows from its arguments`;

export const methodRefused = (token: string): string =>
  `a plan cannot carry out the method ${token}: use an output of the component, or name the method in infra/plan/engine/functions.ts if what it tells is unknown until the component is there`;
