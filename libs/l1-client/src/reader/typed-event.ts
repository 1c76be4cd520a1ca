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
import type { Log, LogDescription } from "ethers";
import { inboxInterface, rollupInterface } from "../contracts/interfaces.js";
import { fromAnswer } from "../endpoints/from-answer.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { readLog } from "./parsed-log.js";
import type { PublishedData } from "./published-data.js";

/** Where encodeHeader puts daHash. */
const DA_HASH = { start: 116, end: 148 };

/**
 * A log of the Rollup or the Inbox as an event; the oracle's logs are in `published`. @throws BAD_LOG, BAD_ANSWER
 */
export async function typedEvent(
  log: Log,
  contracts: RollupContracts,
  published: PublishedData,
): Promise<L1Event | undefined> {
  const isMessage = log.address.toLowerCase() === contracts.inbox;
  const event = isMessage ? readLog(inboxInterface, log, messageSent(log)) : readLog(rollupInterface, log, told(log));
  if (event?.type !== "proposal") return event;
  const { position, number: blockNumber, headerHash, archive } = event;
  const header = await published.header(headerHash, log.blockNumber);
  const daHash = fromAnswer(`header ${headerHash}`, () =>
    fieldToHex(Field(bytesToUint(header.subarray(DA_HASH.start, DA_HASH.end)))),
  );
  const effects = await published.effects(daHash, log.blockNumber);
  return { type: "block-proposed", position, number: blockNumber, header, archive, effects };
}

/** A block of which the header and the effects are in other logs. */
interface Proposal {
  readonly type: "proposal";
  readonly position: L1Position;
  readonly number: BlockNumber;
  readonly headerHash: string;
  readonly archive: Field;
}

const told =
  (log: Log) =>
  ({ name, args }: LogDescription): L1Event | Proposal | undefined => {
    const position = positionOf(log);
    switch (name) {
      case "L2PendingBlockProcessed":
        return {
          type: "proposal",
          position,
          number: number(args.blockNumber),
          headerHash: args.headerHash as string,
          archive: Field(BigInt(args.archive as string)),
        };
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
  };

const messageSent =
  (log: Log) =>
  ({ args }: LogDescription): L1Event => ({
    type: "message-sent",
    position: positionOf(log),
    blockNumber: number(args.blockNumber),
    message: {
      recipient: Field(BigInt(args.recipient as string)),
      amount: args.amount as bigint,
      globalIndex: args.globalIndex as bigint,
      secretHash: Field(BigInt(args.secretHash as string)),
    },
    hash: Field(BigInt(args.messageHash as string)),
  });

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
