import type { OwnSlotRow } from "@sprtn/feed";
import { committeeOf } from "../../figures/committee.js";
import { count, foreign, plural, seconds } from "../../figures/text.js";
import { epochOf, slotStartMs } from "../../figures/time.js";
import { Table, Validator } from "../parts.js";
import { useAnswer } from "../rpc.js";
import { currentSlot, known } from "../store.js";
import { MemberTable } from "../view/slot-clock.js";
import { Facts, Moment } from "./page-parts.js";

export function SlotPage({ slot }: { readonly slot: number }) {
  const state = known();
  const row = state.slots.find(one => one.slot === slot);
  const epoch = epochOf(state.rules, slot);
  return (
    <>
      <h1>
        Slot {count(slot)} {slot === currentSlot.value ? <span class="tag">goes on</span> : null}
      </h1>
      <p class="steps">
        {slot > 0 ? <a href={`#/slot/${slot - 1}`}>← {count(slot - 1)}</a> : null}
        {slot < currentSlot.value ? <a href={`#/slot/${slot + 1}`}>{count(slot + 1)} →</a> : null}
      </p>
      <Facts
        facts={[
          ["Epoch", <a href={`#/epoch/${epoch}`}>{count(epoch)}</a>],
          ["Begins", <Moment seconds={slotStartMs(state.rules, slot) / 1000} />],
          ["Proposer", <Proposer slot={slot} known={row?.proposer} />],
          ...(row?.proposal === undefined
            ? []
            : [
                [
                  "Proposal",
                  `block ${count(row.proposal.block)}, ${plural(row.proposal.txs, "tx", "txs")}, ` +
                    `at ${seconds(row.proposal.afterMs)} s`,
                ] as const,
              ]),
          ...(row === undefined
            ? []
            : [["Attested", `${row.attested.length}, ${committeeOf(state, slot)?.quorum ?? 0} needed`] as const]),
          ...(row?.own === undefined ? [] : [["Own slot", <Own own={row.own} />] as const]),
        ]}
      />
      {row === undefined ? (
        <p class="empty">
          {slot > currentSlot.value
            ? "It has not begun yet."
            : `The page holds the last ${plural(state.slots.length, "slot")}; of this one the node keeps no times.`}
        </p>
      ) : (
        <>
          {row.blocks.length === 0 ? null : (
            <Table
              caption="Blocks"
              head={["Block", "Txs", "On L1", "Stands"]}
              rows={row.blocks.map(block => [
                <a href={`#/block/${block.number}`}>{count(block.number)}</a>,
                count(block.txs),
                block.afterMs === null ? "–" : `${seconds(block.afterMs)} s`,
                block.removed === undefined ? "yes" : `✕ removed by a ${block.removed}`,
              ])}
            />
          )}
          {row.steps.length === 0 ? null : (
            <Table
              caption="This node's steps"
              head={["Step", "From", "Takes"]}
              rows={row.steps.map(({ step, fromMs, toMs }) => [
                step,
                `${seconds(fromMs)} s`,
                `${seconds(toMs - fromMs)} s`,
              ])}
            />
          )}
          <MemberTable row={row} />
        </>
      )}
    </>
  );
}

const MAX_REASON = 300;

function Own({ own }: { readonly own: OwnSlotRow }) {
  const { outcome, code, reason } = own;
  return (
    <>
      {foreign(outcome)} {code === null ? null : <code>{foreign(code)}</code>} {foreign(reason ?? "", MAX_REASON)}
    </>
  );
}

interface ProposerProps {
  readonly slot: number;
  readonly known: string | null | undefined;
}

function Proposer({ slot, known: inState }: ProposerProps) {
  const asked = useAnswer<string | null>({ method: "node_getProposer", params: [slot], refresh: "" });
  const address = inState ?? (asked.kind === "done" ? asked.value : undefined);
  if (address === undefined) return <>{asked.kind === "error" ? "not fixed yet" : "…"}</>;
  return address === null ? <>anyone: there is no committee</> : <Validator address={address} />;
}
