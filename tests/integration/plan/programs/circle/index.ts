import * as pulumi from "@pulumi/pulumi";

class Thing extends pulumi.CustomResource {
  constructor(name: string, needs: pulumi.Input<string>) {
    super("test:index:Thing", name, { needs });
  }
}

/** Each of the two is made of the other's URN. */
let tell: (urn: pulumi.Output<string>) => void = () => {};
const promised = new Promise<string>((resolve) => {
  tell = (urn) => urn.apply(resolve);
});
const first = new Thing("first", promised);
const second = new Thing("second", first.urn);
tell(second.urn);
