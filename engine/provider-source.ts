import type { TerraformProvider } from "cdktf";

const registry = "registry.terraform.io";

/**
 * Has a stack name its provider by the whole address. What prebuilt bindings say is short, and OpenTofu takes that for one of
 * another registry: a state of both engines would name two providers.
 */
export function inFull(provider: TerraformProvider): void {
  const said = provider.terraformProviderSource ?? "";
  const parts = said.split("/");
  const full = [...[registry, "hashicorp"].slice(0, 3 - parts.length), ...parts].join("/");
  Reflect.set(provider, "terraformProviderSource", full); // bindings cannot be told otherwise
}
