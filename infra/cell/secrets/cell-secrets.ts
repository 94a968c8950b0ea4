import { type CellRegion, peerOf } from "@castle/regions/catalogue.ts";
import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  type ComponentResourceOptions,
  secret as confidential,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart, SecretsPart } from "../parts.ts";
import { type SecretSpec, secretSpecs } from "./specs.ts";
import { passwordIn, secretText, VALUE_LENGTH } from "./values.ts";

export interface CellSecretsArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
}

/**
 * What services and runbooks are let in with. The home cell makes each secret and has Secrets Manager keep a replica in
 * the peer's region, before a cell stands there. The peer's stack makes none, and reads the replica in its own region, so
 * that it can be deployed while the home region answers nobody.
 *
 * Values are made by Secrets Manager (`getRandomPassword`) and stand in no file. Every run of the program is given another
 * one, and only the first is sent: `secretStringWo` is not compared, and goes out again only with another
 * `secretStringWoVersion`. So nobody may go by what was generated: stores are told what is *read back* from the secret,
 * which a second `up`, one that broke off, and one after a refresh all read alike. Two more things follow:
 * - `secretStringWo` is not among `ignoreChanges`: a refresh empties it in the state, which would then be sent instead, and
 *   the provider refuses a version without a value.
 * - a version is protected as its secret is: one that is replaced by mistake is a new password, which no store knows.
 *
 * Pulumi does keep the last value it was given of a write-only argument in its state, encrypted with the stack's secrets
 * provider, and never as text (pulumi-terraform-bridge, issue 3201); every value is marked as a secret for that.
 */
export class CellSecrets extends ComponentResource implements SecretsPart {
  readonly services: readonly string[];
  readonly databasePassword: Output<string>;
  readonly journalPassword: Output<string>;
  readonly cacheToken: Output<string>;

  readonly #args: CellSecretsArgs;
  readonly #name: string;

  constructor(name: string, args: CellSecretsArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellSecrets", name, {}, opts);
    this.#args = args;
    this.#name = name;
    const { names, home } = args.context;

    const made = new Map<string, Output<string>>();
    if (home)
      for (const spec of secretSpecs)
        made.set(
          nameOf(spec, args.context),
          this.#make(spec, (source) => this.#text(source, made)),
        );
    const passwordOf = (store: string): Output<string> => {
      const secret = names.secret("operator", store);
      return confidential(this.#text(secret, made).apply((text) => passwordIn(secret, text)));
    };

    this.services = secretSpecs.flatMap((spec) =>
      spec.reader === "services" ? [nameOf(spec, args.context)] : [],
    );
    this.databasePassword = passwordOf("database");
    this.journalPassword = passwordOf("journal");
    this.cacheToken = passwordOf("cache");
    this.registerOutputs({ services: this.services });
  }

  /** @returns the ARN of the secret, known once it holds a value. */
  #make(spec: SecretSpec, textOf: (secret: string) => Output<string>): Output<string> {
    const { context, keys } = this.#args;
    const { names, settings } = context;
    const { protectData } = settings.profile;
    const logical = `${this.#name}-${spec.reader}-${spec.name}`;

    const secret = new aws.secretsmanager.Secret(
      logical,
      {
        name: nameOf(spec, context),
        description: spec.purpose,
        kmsKeyId: keys.keyArn,
        replicas: settings.profile.globalTier ? [replicaIn(peerOf(settings.region))] : [],
        // A name that waits for deletion cannot be taken again, which a preview that is made anew would.
        recoveryWindowInDays: protectData ? 30 : 0,
      },
      { parent: this, protect: protectData },
    );
    const text =
      "copyOf" in spec
        ? textOf(names.secret("operator", spec.copyOf))
        : aws.secretsmanager
            .getRandomPasswordOutput(
              { passwordLength: VALUE_LENGTH, excludePunctuation: true, requireEachIncludedType: true },
              { parent: this },
            )
            .apply(({ randomPassword }) => secretText(spec.made, randomPassword));
    const version = new aws.secretsmanager.SecretVersion(
      logical,
      {
        secretId: secret.id,
        secretStringWo: confidential(text),
        secretStringWoVersion: spec.version,
      },
      { parent: this, protect: protectData },
    );
    return version.arn;
  }

  /** What a secret holds now: in the home cell once it was made, in the peer cell by its name. */
  #text(secret: string, made: ReadonlyMap<string, Input<string>>): Output<string> {
    return confidential(
      aws.secretsmanager
        .getSecretVersionOutput({ secretId: made.get(secret) ?? secret }, { parent: this })
        .apply(({ secretString }) => secretString),
    );
  }
}

/**
 * Under Secrets Manager's own key there, not the cell's: the peer's cell makes that one, and reads these secrets in the
 * same first `up`, so they have to be there before it. It stays so: a replica whose key changes is taken away and made
 * anew, and the services of its region are without it meanwhile.
 */
const replicaIn = (region: CellRegion) => ({ region, kmsKeyId: "alias/aws/secretsmanager" });

const nameOf = (spec: SecretSpec, { names }: CellContext): string => names.secret(spec.reader, spec.name);
