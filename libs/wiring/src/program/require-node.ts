import { readFileSync } from "node:fs";
import { WiringError, WiringErrorCode } from "../wiring-error.js";

/**
 * Whether the Node that runs this is one that the packages promise to run on. What an older one lacks would be missed
 * somewhere in the middle.
 * @throws WiringError NODE_TOO_OLD
 */
export function requireNode(running: string = process.versions.node): void {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const needed = (JSON.parse(manifest) as { readonly engines: { readonly node: string } }).engines.node.slice(2);
  const [[major, minor], [neededMajor, neededMinor]] = [partsOf(running), partsOf(needed)];
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new WiringError(
    WiringErrorCode.NODE_TOO_OLD,
    `this program needs Node ${needed} or later, and this is Node ${running}: start it by npm start, npm run demo or ` +
      "its command in apps/*/bin, which use the Node that npm install brought, or install a newer one",
  );
}

function partsOf(version: string): readonly [major: number, minor: number] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
}
