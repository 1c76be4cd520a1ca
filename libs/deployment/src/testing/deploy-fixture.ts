import { DEVNET_MNEMONIC, type Devnet } from "@sprtn/l1-client/devnet";
import { PrivateKeySigner, privateKeyFrom } from "@sprtn/l1-client";
import type { Clock } from "@sprtn/ports";
import {
  BlockNumber,
  type Bytes32,
  EthAddress,
  Field,
  Slot,
  UnixSeconds,
  ZERO_ADDRESS,
  ZERO_FIELD,
} from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import type { DeployDependencies, DeployRequest, Genesis } from "../deploy-request.js";
import { presets } from "../presets.js";

export const keyOf = (index: number): Bytes32 => privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index });
export const addressOf = (index: number): EthAddress => new PrivateKeySigner({}, { privateKey: keyOf(index) }).address;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const parameters: RollupParameters = { ...presets.local.parameters, genesisTime: UnixSeconds(0) };

/** A block 0 whose state is anybody's. */
export function genesisAt(genesisTime: UnixSeconds, baseFees = parameters.initialBaseFees): Genesis {
  const zeros = { feeRecipient: ZERO_FIELD, daHash: ZERO_FIELD, inHash: ZERO_FIELD, outHash: ZERO_FIELD };
  const totals = { txCount: 0, totalBaseFees: 0n, totalL2Gas: 0n, totalDaGas: 0n };
  return {
    header: {
      lastArchive: Field(3),
      number: BlockNumber(0),
      slot: Slot(0),
      timestamp: genesisTime,
      coinbase: ZERO_ADDRESS,
      baseFees,
      stateHash: Field(4),
      ...zeros,
      ...totals,
    },
    archive: Field(5),
  };
}

export function requestOf(account: number, change: Partial<DeployRequest> = {}): DeployRequest {
  return {
    name: "test",
    deployerKey: keyOf(account),
    parameters,
    validators: [1, 2, 3, 4].map(addressOf),
    genesis: genesisTime => genesisAt(genesisTime),
    keyTreeRoot: Field(6),
    pollingIntervalMs: 10,
    ...change,
  };
}

export function dependenciesAt({ url }: Pick<Devnet, "url">, logger = new MemoryLogger()): DeployDependencies {
  return { url, clock: systemClock, logger };
}
