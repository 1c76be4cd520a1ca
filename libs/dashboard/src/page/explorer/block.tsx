import { stageOf } from "../../figures/lanes.js";
import { count, seconds, short, wei } from "../../figures/text.js";
import { epochOf } from "../../figures/time.js";
import { Hex, Table } from "../parts.js";
import { useAnswer } from "../rpc.js";
import { known } from "../store.js";
import { Asked, Facts, Moment } from "./page-parts.js";

/** `node_getBlock`, as far as it is shown. */
export interface Block {
  readonly header: {
    readonly number: number;
    readonly slot: number;
    readonly timestamp: number;
    readonly coinbase: string;
    readonly feeRecipient: string;
    readonly baseFees: { readonly perL2Gas: string; readonly perDaGas: string };
    readonly txCount: number;
    readonly totalBaseFees: string;
    readonly totalL2Gas: string;
    readonly totalDaGas: string;
    readonly lastArchive: string;
    readonly stateHash: string;
    readonly inHash: string;
    readonly outHash: string;
    readonly daHash: string;
  };
  readonly headerHash: string;
  readonly archive: string;
  readonly effects: readonly { readonly txHash: string; readonly reverted: boolean; readonly fee: string }[];
}

/** Transactions of a block that are listed. */
const MAX_LISTED = 100;

/** The block with this number, from the node. */
export function useBlock(number: number) {
  const { tips } = known();
  return useAnswer<Block | null>({
    method: "node_getBlock",
    params: [number],
    refresh: number > tips.finalized ? `${tips.pending} ${tips.proven}` : "",
    final: value => value !== null && number <= known().tips.finalized,
  });
}

export function BlockPage({ number }: { readonly number: number }) {
  const answer = useBlock(number);
  const { tips } = known();
  return (
    <>
      <h1>
        Block {count(number)}{" "}
        {number > tips.pending ? null : (
          <span class={`tag text-${stageOf(known(), number)}`}>{stageOf(known(), number)}</span>
        )}
      </h1>
      <p class="steps">
        {number > 1 ? <a href={`#/block/${number - 1}`}>← {count(number - 1)}</a> : null}
        {number < tips.pending ? <a href={`#/block/${number + 1}`}>{count(number + 1)} →</a> : null}
      </p>
      <Asked answer={answer}>
        {block =>
          block === null ? (
            <p>
              The node has no block {count(number)}. The newest one is{" "}
              <a href={`#/block/${tips.pending}`}>{count(tips.pending)}</a>.
            </p>
          ) : (
            <Content block={block} />
          )
        }
      </Asked>
    </>
  );
}

function Content({ block }: { readonly block: Block }) {
  const { header, effects } = block;
  const row = known().slots.find(one => one.slot === header.slot);
  const seen = row?.blocks.find(one => one.number === header.number && one.removed === undefined);
  const epoch = epochOf(known().rules, header.slot);
  return (
    <>
      <Facts
        facts={[
          ["Slot", <a href={`#/slot/${header.slot}`}>{count(header.slot)}</a>],
          ["Epoch", <a href={`#/epoch/${epoch}`}>{count(epoch)}</a>],
          ["Time", <Moment seconds={header.timestamp} />],
          ...(row?.proposal === undefined
            ? []
            : [["Proposal seen", `${seconds(row.proposal.afterMs)} s into the slot`] as const]),
          ...(seen === undefined || seen.afterMs === null
            ? []
            : [["On L1", `${seconds(seen.afterMs)} s into the slot`] as const]),
          ["Transactions", count(header.txCount)],
          ["Base fees", `${wei(header.baseFees.perL2Gas)} L2, ${wei(header.baseFees.perDaGas)} DA, per gas`],
          ["Base fees in all", wei(header.totalBaseFees)],
          ["Gas", `${count(Number(header.totalL2Gas))} L2, ${count(Number(header.totalDaGas))} DA`],
          ["Coinbase", <Hex value={header.coinbase} />],
          ["Fee recipient", <Hex value={header.feeRecipient} />],
          ["Header hash", <Hex value={block.headerHash} />],
          ["Archive root", <Hex value={block.archive} />],
          ["Archive before", <Hex value={header.lastArchive} />],
          ["State", <Hex value={header.stateHash} />],
          ["Data", <Hex value={header.daHash} />],
          [
            "Messages in, out",
            <>
              <Hex value={header.inHash} /> <Hex value={header.outHash} />
            </>,
          ],
        ]}
      />
      <h2>Transactions</h2>
      {effects.length === 0 ? (
        <p class="empty">This block has none.</p>
      ) : (
        <Table
          caption={
            effects.length > MAX_LISTED ? `The first ${MAX_LISTED} of ${count(effects.length)}` : "In their order"
          }
          head={["Hash", "Result", "Fee"]}
          rows={effects.slice(0, MAX_LISTED).map(({ txHash, reverted, fee }) => [
            <a class="hex" href={`#/tx/${txHash}`} title={txHash}>
              {short(txHash)}
            </a>,
            reverted ? <span class="text-failure">✕ reverted</span> : "done",
            wei(fee),
          ])}
        />
      )}
    </>
  );
}
