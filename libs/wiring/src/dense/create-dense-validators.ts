import { createRpcClient, proverMethods } from "@sprtn/rpc";
import type { NodeOptions } from "../node-options.js";
import type { ProcessResources } from "../process-resources.js";
import type { ProcessSettings } from "../settings.js";
import { tellProtection } from "../tell-protection.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";
import type { DenseRange } from "./dense-range.js";
import { denseKeys, DenseValidators } from "./dense-validators.js";

/** The validators that DENSE names. @throws WiringError KEY_MISSING, FAULT_REFUSED */
export function createDenseValidators(
  process: ProcessResources,
  settings: Pick<ProcessSettings, "proverUrl"> & { readonly dense: DenseRange },
  node: NodeOptions,
): DenseValidators {
  const { mnemonic, mnemonicIndex } = node.settings.l1Publisher;
  if (mnemonic === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "validators of a dense process take their keys from a mnemonic: give MNEMONIC, and as MNEMONIC_INDEX the " +
        "account of validator 0",
    );
  tellProtection(process.logger.child(node.name), node.settings.storage);
  const { proverUrl } = settings;
  return new DenseValidators(process, {
    node,
    range: settings.dense,
    keyOf: denseKeys(mnemonic.reveal(), mnemonicIndex),
    remoteProver: proverUrl === undefined ? undefined : createRpcClient(proverMethods, proverUrl),
  });
}
