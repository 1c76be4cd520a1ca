import type { DeploymentSettings } from "@sprtn/deployment/settings";
import { L1Error, L1ErrorCode, privateKeyFrom, PrivateKeySigner } from "@sprtn/l1-client";
import { DEVNET_CHAIN_ID, DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import type { Bytes32, EthAddress } from "@sprtn/primitives";

export interface DeploymentAccounts {
  readonly deployerKey: Bytes32;
  readonly deployer: EthAddress;
  readonly validators: readonly EthAddress[];
}

/** The deployer and the initial validators, given or from the mnemonic. @throws BAD_KEY when neither says */
export function accountsFrom(
  settings: DeploymentSettings,
  options: { readonly chainId: bigint; readonly validators: number },
): DeploymentAccounts {
  const keyOf = (index: number, what: string): Bytes32 => {
    const mnemonic = settings.mnemonic?.reveal() ?? (options.chainId === DEVNET_CHAIN_ID ? DEVNET_MNEMONIC : undefined);
    if (mnemonic === undefined)
      throw new L1Error(
        L1ErrorCode.BAD_KEY,
        `there is no mnemonic to derive ${what} from: give DEPLOY_MNEMONIC, or DEPLOYER_PRIVATE_KEY and ` +
          "DEPLOY_VALIDATORS",
      );
    return privateKeyFrom({ mnemonic, index });
  };
  const addressOf = (privateKey: Bytes32) => new PrivateKeySigner({}, { privateKey }).address;
  const deployerKey = settings.deployerKey?.reveal() ?? keyOf(settings.deployerIndex, "the deployer");
  const validators =
    settings.validators ??
    Array.from({ length: options.validators }, (_, index) =>
      addressOf(keyOf(settings.validatorIndex + index, "the validators")),
    );
  return { deployerKey, deployer: addressOf(deployerKey), validators };
}
