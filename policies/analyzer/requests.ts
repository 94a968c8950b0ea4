import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceFacts } from "../judged/resource.ts";
import { wireProperties } from "./values.ts";

/** What Pulumi's engine asks of a pack about a resource, before it is made. */
export function analyzeRequest(facts: ResourceFacts): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(facts.type);
  request.setName(facts.name);
  request.setUrn(facts.urn);
  request.setProperties(structOf(facts.props));
  request.setOptions(optionsOf(facts));
  request.setProvider(providerOf(facts));
  return request;
}

/** What Pulumi's engine asks of a pack once the program has ended: about all of the stack at once. */
export function analyzeStackRequest(stack: readonly ResourceFacts[]): messages.AnalyzeStackRequest {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(
    stack.map((facts) => {
      const resource = new messages.AnalyzerResource();
      resource.setType(facts.type);
      resource.setName(facts.name);
      resource.setUrn(facts.urn);
      resource.setProperties(structOf(facts.props));
      resource.setOptions(optionsOf(facts));
      resource.setProvider(providerOf(facts));
      resource.setParent(facts.parent ?? "");
      resource.setDependenciesList([...facts.dependencies]);
      return resource;
    }),
  );
  return request;
}

const structOf = (props: ResourceFacts["props"]): structs.Struct =>
  structs.Struct.fromJavaScript(wireProperties(props));

function optionsOf({ protect, ignoreChanges, parent }: ResourceFacts): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(protect);
  options.setIgnorechangesList([...ignoreChanges]);
  options.setParent(parent ?? "");
  return options;
}

function providerOf({ type, provider }: ResourceFacts): messages.AnalyzerProviderResource | undefined {
  if (!provider) return undefined;
  const resource = new messages.AnalyzerProviderResource();
  const providerType = `pulumi:providers:${type.split(":")[0]}`;
  resource.setType(providerType);
  resource.setName(provider.name);
  resource.setUrn(`urn:pulumi:provider::castle::${providerType}::${provider.name}`);
  resource.setProperties(structOf(provider.region === null ? {} : { region: provider.region }));
  return resource;
}
