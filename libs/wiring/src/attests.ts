import type { NodeOptions } from "./node-options.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** Networks on which faults may be committed. */
const isTestNetwork = (name: string) => name === "local" || name.startsWith("test");

/** Whether this node signs blocks. */
export function attests({ roles, settings }: Pick<NodeOptions, "roles" | "settings">): boolean {
  const { disabled, faults } = settings.validator;
  return roles.has("sequencer") && !disabled && !faults.includes("offline");
}

/** @throws WiringError FAULT_REFUSED for a validator that should commit faults outside a test network */
export function requireTestNetwork({ deployment, settings }: Pick<NodeOptions, "deployment" | "settings">): void {
  if (settings.validator.faults.length === 0 || isTestNetwork(deployment.name)) return;
  throw new WiringError(
    WiringErrorCode.FAULT_REFUSED,
    `TEST_FAULTS is for test networks, but this is ${deployment.name}: unset it`,
  );
}
