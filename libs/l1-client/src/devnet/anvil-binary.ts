import { createRequire } from "node:module";
import { L1Error, L1ErrorCode } from "../l1-error.js";

const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  linux: { x64: "linux-amd64", arm64: "linux-arm64" },
  darwin: { x64: "darwin-amd64", arm64: "darwin-arm64" },
  win32: { x64: "win32-amd64" },
};

/** Path of the binary that the npm package `@foundry-rs/anvil` brought for this platform. @throws DEVNET_NO_BINARY */
export function anvilBinary(platform: { readonly platform: string; readonly arch: string } = process): string {
  const name = names[platform.platform]?.[platform.arch];
  if (name === undefined)
    throw missing(
      `there is none for ${platform.platform} on ${platform.arch}: run L1 on another machine and set ETHEREUM_HOST`,
    );
  try {
    // The platform's package is anvil's dependency, not ours: it may be installed next to it.
    const ours = createRequire(import.meta.url);
    const anvils = createRequire(ours.resolve("@foundry-rs/anvil/package.json"));
    return anvils.resolve(`@foundry-rs/anvil-${name}/bin/anvil${platform.platform === "win32" ? ".exe" : ""}`);
  } catch (cause) {
    throw missing(`@foundry-rs/anvil-${name} is not installed: run npm install with optional packages`, cause);
  }
}

export function missing(what: string, cause?: unknown): L1Error {
  return new L1Error(L1ErrorCode.DEVNET_NO_BINARY, `no anvil binary: ${what}`, {}, { cause });
}
