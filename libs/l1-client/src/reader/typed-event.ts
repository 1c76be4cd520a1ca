import type { L1Event, L1Position } from "@sprtn/ports";
import {
  BlockNumber,
  Bytes32,
  bytesToUint,
  EthAddress,
  Field,
  fieldToHex,
  type Hex,
  L1BlockNumber,
} from "@sprtn/primitives";
import type { Log } from "ethers";
import { inboxInterface, rollupInterface } from "../contracts/interfaces.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { parsedLog } from "./parsed-log.js";
import type { PublishedData } from "./published-data.js";

/** Where encodeHeader puts daHash. */
const DA_HASH = { start: 116, end: 148 };

/** A log of the Rollup or the Inbox as an event; the oracle's logs are in `published`. @throws BAD_LOG */
export async function typedEvent(
  log: Log,
  contracts: RollupContracts,
  published: PublishedData,
): Promise<L1Event | undefined> {
  const position = positionOf(log);
  if (log.address.toLowerCase() === contracts.inbox) return messageSent(log, position);
  const { name, args } = parsedLog(rollupInterface, log);
  switch (name) {
    case "L2PendingBlockProcessed": {
      const header = await published.header(args.headerHash as string, log.blockNumber);
      const effects = await published.effects(
        fieldToHex(Field(bytesToUint(header.subarray(DA_HASH.start, DA_HASH.end)))),
        log.blockNumber,
      );
      return {
        type: "block-proposed",
        position,
        number: number(args.blockNumber),
        header,
        archive: Field(BigInt(args.archive as string)),
        effects,
      };
    }
    case "L2ProvenBlockProcessed":
      return {
        type: "block-proven",
        position,
        number: number(args.blockNumber),
        prover: EthAddress(args.prover as string),
        firstBlock: number(args.firstBlock),
        archive: Field(BigInt(args.archive as string)),
      };
    case "PrunedPendingChain":
      return { type: "pruned", position, tip: number(args.provenTip), oldTip: number(args.oldTip) };
    default:
      return undefined;
  }
}

function messageSent(log: Log, position: L1Position): L1Event {
  const { args } = parsedLog(inboxInterface, log);
  const message = {
    recipient: Field(BigInt(args.recipient as string)),
    amount: args.amount as bigint,
    globalIndex: args.globalIndex as bigint,
    secretHash: Field(BigInt(args.secretHash as string)),
  };
  return {
    type: "message-sent",
    position,
    blockNumber: number(args.blockNumber),
    message,
    hash: Field(BigInt(args.messageHash as string)),
  };
}

function positionOf(log: Log): L1Position {
  return {
    blockNumber: L1BlockNumber(log.blockNumber),
    blockHash: Bytes32(log.blockHash),
    transactionHash: log.transactionHash as Hex,
    logIndex: log.index,
  };
}

function number(value: unknown): BlockNumber {
  return BlockNumber(Number(value));
}
