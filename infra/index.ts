import { peerOf, regionNamed } from "@castle/regions/catalogue.ts";
import * as pulumi from "@pulumi/pulumi";
import { Castle } from "./castle.ts";
import { namesOf } from "./names.ts";
import { outputsOf } from "./outputs.ts";
import { makeProviders } from "./providers.ts";
import { readSettings } from "./settings/settings.ts";
import { ownConfig } from "./settings/stack-file.ts";

/** The program of every stack: what a stack makes is said by its configuration, `Pulumi.<stack>.yaml`. */
const settings = readSettings(pulumi.getStack(), ownConfig(pulumi.runtime.allConfig()));
const region = regionNamed(settings.region);
const home = region.purpose === "home";
const peer = settings.peer ? regionNamed(peerOf(settings.region)) : null;

const context = { settings, names: namesOf(settings), region, peer, home };

const castle = new Castle("castle", { context, providers: makeProviders(settings, home) });

/** The stack's outputs. */
export default outputsOf(castle, context);
