import { availabilityOracleAbi, rollupAbi } from "@sprtn/contracts";
import { type Epoch, type Field, fromHex, type Hex } from "@sprtn/primitives";
import { type BlockHeader, decodeHeader } from "@sprtn/protocol";
import { Interface, type Log, type LogDescription } from "ethers";
import type { TestNetwork } from "../network/test-network.js";
import { E2eError, E2eErrorCode } from "../e2e-error.js";

/** A block as the Rollup accepted it. */
export interface AcceptedBlock {
  readonly header: BlockHeader;
  readonly headerHash: Field;
  readonly archive: Field;
  readonly accumulator: Field;
  readonly signers: number;
  readonly l1Block: number;
}

interface ProvenRange {
  readonly first: number;
  readonly last: number;
  readonly archive: Field;
  /** What the chain held at `last` then; `undefined` if nothing. */
  readonly held: AcceptedBlock | undefined;
}

/** All that the Rollup has said, on the L1 chain as it is now. */
export interface L1History {
  readonly head: number;
  /** Every block ever accepted, pruned ones too. */
  readonly accepted: readonly AcceptedBlock[];
  /** The pending chain by number; genesis is not in it. */
  readonly chain: ReadonlyMap<number, AcceptedBlock>;
  readonly pending: number;
  readonly proven: number;
  readonly provenRanges: readonly ProvenRange[];
  readonly prunes: readonly { readonly provenTip: number; readonly oldTip: number; readonly l1Block: number }[];
  /** Committee size by epoch. */
  readonly committeeSizes: ReadonlyMap<Epoch, number>;
  readonly credited: bigint;
  readonly claimed: bigint;
  /** Every address that was ever credited. */
  readonly creditedAccounts: ReadonlySet<string>;
}

const rollup = new Interface(rollupAbi);
const oracle = new Interface(availabilityOracleAbi);

export async function readL1History({
  devnet,
  deployment,
}: Pick<TestNetwork, "devnet" | "deployment">): Promise<L1History> {
  const { contracts, l1StartBlock } = deployment;
  const head = await devnet.provider.getBlockNumber();
  const logs = await devnet.provider.getLogs({
    address: [contracts.rollup, contracts.availabilityOracle],
    fromBlock: l1StartBlock,
    toBlock: head,
  });
  const replay = new Replay();
  for (const log of logs) replay.take(log);
  return { head, ...replay, pending: replay.pending, proven: replay.proven };
}

class Replay {
  readonly accepted: AcceptedBlock[] = [];
  readonly chain = new Map<number, AcceptedBlock>();
  readonly provenRanges: ProvenRange[] = [];
  readonly prunes: { provenTip: number; oldTip: number; l1Block: number }[] = [];
  readonly committeeSizes = new Map<Epoch, number>();
  readonly creditedAccounts = new Set<string>();
  pending = 0;
  proven = 0;
  credited = 0n;
  claimed = 0n;
  readonly #headers = new Map<bigint, BlockHeader>();

  take(log: Log): void {
    const event = oracle.parseLog(log) ?? rollup.parseLog(log);
    if (event === null) return;
    const { name, args } = event;
    if (name === "HeaderPublished")
      this.#headers.set(BigInt(args.headerHash as string), decodeHeader(fromHex(args.header as Hex)));
    if (name === "L2PendingBlockProcessed") this.#accept(event, log.blockNumber);
    if (name === "L2ProvenBlockProcessed") this.#prove(event);
    if (name === "PrunedPendingChain") this.#prune(event, log.blockNumber);
    if (name === "EpochSetUp") this.committeeSizes.set(Number(args.epoch) as Epoch, Number(args.committeeSize));
    if (name === "RewardCredited") {
      this.credited += args.amount as bigint;
      this.creditedAccounts.add(args.account as string);
    }
    if (name === "RewardClaimed") this.claimed += args.amount as bigint;
  }

  #accept({ args }: LogDescription, l1Block: number): void {
    const headerHash = BigInt(args.headerHash as string) as Field;
    const header = this.#headers.get(headerHash);
    if (header === undefined)
      throw new E2eError(
        E2eErrorCode.INVARIANT,
        `PEND-5: L1 accepted block ${args.blockNumber} whose header was never published`,
      );
    const block = {
      header,
      headerHash,
      archive: BigInt(args.archive as string) as Field,
      accumulator: BigInt(args.accumulator as string) as Field,
      signers: Number(args.signers),
      l1Block,
    };
    this.pending = header.number;
    this.accepted.push(block);
    this.chain.set(header.number, block);
  }

  #prove({ args }: LogDescription): void {
    const last = Number(args.blockNumber);
    this.provenRanges.push({
      first: Number(args.firstBlock),
      last,
      archive: BigInt(args.archive as string) as Field,
      held: this.chain.get(last),
    });
    this.proven = last;
  }

  #prune({ args }: LogDescription, l1Block: number): void {
    const [provenTip, oldTip] = [Number(args.provenTip), Number(args.oldTip)];
    for (let number = provenTip + 1; number <= oldTip; number++) this.chain.delete(number);
    this.pending = provenTip;
    this.prunes.push({ provenTip, oldTip, l1Block });
  }
}
