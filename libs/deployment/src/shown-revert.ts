import { contractInterface, manifest } from "./manifest.js";

/** A revert's data in words: the custom error's name and arguments, by whichever contract declares it. */
export function shownRevert(data: string | undefined): string {
  if (data === undefined || data === "0x")
    return "L1 does not say why; perhaps out of gas, or an earlier step of the same block failed";
  for (const step of manifest) {
    const parsed = step.kind === "deploy" ? contractInterface(step.contract).parseError(data) : null;
    if (parsed) return `${parsed.name}(${parsed.args.map(String).join(", ")})`;
  }
  return `unknown error ${data.slice(0, 74)}`;
}
