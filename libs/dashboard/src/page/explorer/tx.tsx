import { count, seconds, wei } from "../../figures/text.js";
import { type Receipt, type Rung, txLadder } from "../../figures/tx-ladder.js";
import { Hex } from "../parts.js";
import { useAnswer } from "../rpc.js";
import { known } from "../store.js";
import { Asked, Facts, Moment } from "./page-parts.js";
import { useBlock } from "./block.js";

export function TxPage({ hash }: { readonly hash: string }) {
  const { tips, pool } = known();
  const answer = useAnswer<Receipt>({
    method: "node_getTxReceipt",
    params: [hash],
    refresh: `${tips.pending} ${tips.proven} ${tips.finalized} ${pool.count}`,
    final: ({ stage }) => stage === "finalized",
  });
  return (
    <>
      <h1>Transaction</h1>
      <p>
        <Hex value={hash} whole />
      </p>
      <Asked answer={answer}>{receipt => <Content receipt={receipt} />}</Asked>
    </>
  );
}

function Content({ receipt }: { readonly receipt: Receipt }) {
  const ladder = txLadder(receipt);
  const { block } = receipt;
  if (ladder === null)
    return (
      <p class="trouble">
        {receipt.stage === "dropped" ? (
          <>
            This node dropped it: <code>{receipt.code ?? "no code"}</code>. Its wallet may send it again, corrected.
          </>
        ) : (
          "This node does not know it: it may be on its way, its hash may be mistyped, or it left the pool long ago."
        )}
      </p>
    );
  return (
    <>
      <Facts
        facts={[
          ...(block === undefined
            ? []
            : [
                ["Block", <a href={`#/block/${block.number}`}>{count(block.number)}</a>] as const,
                ["Place in it", count(block.index)] as const,
              ]),
          ...(receipt.fee === undefined ? [] : [["Fee", wei(receipt.fee)] as const]),
          ...(receipt.reverted === true
            ? [
                [
                  "Result",
                  <span class="text-failure">✕ reverted: it paid its fee and changed nothing else</span>,
                ] as const,
              ]
            : []),
        ]}
      />
      <h2>How far it is</h2>
      <ol class="ladder">
        {ladder.map(rung => (
          <Step key={rung.stage} rung={rung} block={block?.number ?? null} />
        ))}
      </ol>
      <p class="soft">
        Of a private payment the network sees two nullifiers, two note hashes and the fee: not who paid whom, nor how
        much.
      </p>
    </>
  );
}

const shapes: Readonly<Record<Rung["state"], string>> = {
  done: "M8 3a5 5 0 1 1 0 10a5 5 0 0 1 0-10Z",
  now: "M8 1a7 7 0 1 1 0 14a7 7 0 0 1 0-14Z",
  next: "M8 3a5 5 0 1 1 0 10a5 5 0 0 1 0-10Zm0 2a3 3 0 1 0 0 6a3 3 0 0 0 0-6Z",
  later: "M8 6a2 2 0 1 1 0 4a2 2 0 0 1 0-4Z",
};
const spoken: Readonly<Record<Rung["state"], string>> = { done: "done", now: "reached", next: "next", later: "later" };

function Step({ rung, block }: { readonly rung: Rung; readonly block: number | null }) {
  const { stage, state, what } = rung;
  return (
    <li class={`rung-${state}`} {...(state === "now" ? { "aria-current": "step" as const } : {})}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path fill-rule="evenodd" d={shapes[state]} />
      </svg>
      <b>{stage}</b>
      <span class="sr-only">, {spoken[state]}</span>
      <span class="when">
        {block === null || state === "next" || state === "later" ? null : <When {...{ stage, block }} />}
      </span>
      <span class="soft what">{what}</span>
    </li>
  );
}

/** When, as far as this node saw it. */
function When({ stage, block }: { readonly stage: string; readonly block: number }) {
  const answer = useBlock(block);
  if (answer.kind !== "done" || answer.value === null) return null;
  const { slot, timestamp } = answer.value.header;
  const row = known().slots.find(one => one.slot === slot);
  const seen = row?.blocks.find(one => one.number === block && one.removed === undefined);
  if (stage === "proposed")
    return row?.proposal === undefined ? (
      <>slot {count(slot)}</>
    ) : (
      <>
        slot {count(slot)} + {seconds(row.proposal.afterMs)} s
      </>
    );
  if (stage !== "pending") return null;
  return seen === undefined || seen.afterMs === null ? (
    <Moment seconds={timestamp} />
  ) : (
    <>
      slot {count(slot)} + {seconds(seen.afterMs)} s
    </>
  );
}
