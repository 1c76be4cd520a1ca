import type { L1Event } from "@sprtn/ports";
import { fieldToHex, sha256ToField, toHex, ZERO_BYTES32 } from "@sprtn/primitives";
import { decodeHeader } from "@sprtn/protocol";
import type { Interface } from "ethers";
import { inboxInterface, oracleInterface, rollupInterface } from "../contracts/interfaces.js";
import type { RollupContracts } from "../rollup-contracts.js";

/** A log as JSON-RPC gives it. */
export interface RpcLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly transactionIndex: string;
  readonly logIndex: string;
  readonly removed: false;
}

/** Logs that one event is read from, at most. */
const LOGS_AN_EVENT = 3;

const quantity = (value: number) => `0x${value.toString(16)}`;

/** The logs that the contracts leave with an event. */
export function logsOf(event: L1Event, contracts: RollupContracts): RpcLog[] {
  const { blockNumber, blockHash, transactionHash, logIndex } = event.position;
  return contents(event, contracts).map(({ address, contract, name, values }, i) => ({
    address,
    ...contract.encodeEventLog(name, [...values]),
    blockNumber: quantity(blockNumber),
    blockHash,
    transactionHash,
    transactionIndex: "0x0",
    logIndex: quantity(logIndex * LOGS_AN_EVENT + i),
    removed: false,
  }));
}

interface Content {
  readonly address: string;
  readonly contract: Interface;
  readonly name: string;
  readonly values: readonly unknown[];
}

function contents(event: L1Event, { rollup, inbox, availabilityOracle }: RollupContracts): Content[] {
  const ofRollup = (name: string, ...values: readonly unknown[]): Content => ({
    address: rollup,
    contract: rollupInterface,
    name,
    values,
  });
  const ofOracle = (name: string, ...values: readonly unknown[]): Content => ({
    address: availabilityOracle,
    contract: oracleInterface,
    name,
    values,
  });
  switch (event.type) {
    case "block-proposed": {
      const headerHash = fieldToHex(sha256ToField(event.header));
      const { daHash } = decodeHeader(event.header);
      return [
        ofOracle("HeaderPublished", headerHash, toHex(event.header)),
        ...(event.effects.length > 0 ? [ofOracle("EffectsPublished", fieldToHex(daHash), toHex(event.effects))] : []),
        ofRollup("L2PendingBlockProcessed", event.number, headerHash, fieldToHex(event.archive), ZERO_BYTES32, 0),
      ];
    }
    case "block-proven":
      return [
        ofRollup("L2ProvenBlockProcessed", event.number, event.prover, event.firstBlock, fieldToHex(event.archive)),
      ];
    case "pruned":
      return [ofRollup("PrunedPendingChain", event.tip, event.oldTip)];
    case "message-sent": {
      const { globalIndex, recipient, amount, secretHash } = event.message;
      const [hash, to, secret] = [event.hash, recipient, secretHash].map(fieldToHex);
      const values = [event.blockNumber, globalIndex, hash, to, amount, secret];
      return [{ address: inbox, contract: inboxInterface, name: "MessageSent", values }];
    }
  }
}
