import { nextProposal } from "../../figures/committee.js";
import { type Duty, dutyGrid } from "../../figures/duties.js";
import { count, seconds, span } from "../../figures/text.js";
import { slotStartMs } from "../../figures/time.js";
import { Hex, Table } from "../parts.js";
import { currentSlot, known, nowMs } from "../store.js";
import { Facts } from "./page-parts.js";

const words: Readonly<Record<Exclude<Duty, "out">, string>> = {
  proposed: "proposed a block",
  unused: "its slot, no block",
  attested: "attested",
  missed: "✕ missed",
  unasked: "nothing to attest",
  waiting: "goes on",
};

export function ValidatorPage({ address }: { readonly address: string }) {
  const state = known();
  const grid = dutyGrid(state, currentSlot.value, state.slots.length);
  const row = grid.rows.find(one => one.address === address);
  const next = nextProposal(state, address, currentSlot.value);
  return (
    <>
      <h1>Validator {address === state.node.own ? <span class="tag">this node</span> : null}</h1>
      <p>
        <Hex value={address} whole />
      </p>
      {row === undefined ? (
        <p class="empty">
          In none of the committees of the last {grid.slots.length} slots. It may be registered all the same: a
          committee is drawn for each epoch.
        </p>
      ) : (
        <>
          <Facts
            facts={[
              ["Proposed", count(row.proposed)],
              ["Attested", count(row.attested)],
              ["Missed", row.missed === 0 ? "0" : <span class="text-failure">✕ {count(row.missed)}</span>],
              ["Median attestation", row.medianMs === null ? "–" : `${seconds(row.medianMs)} s into the slot`],
              [
                "Next proposal",
                next === null
                  ? "none in this epoch"
                  : `slot ${count(next)}, in ${span((slotStartMs(state.rules, next) - nowMs.value) / 1000)}`,
              ],
            ]}
          />
          <Table
            caption="Duties, newest first"
            head={["Slot", "Duty"]}
            rows={row.duties
              .flatMap((duty, i) =>
                duty === "out" || duty === "unasked" ? [] : [{ duty, slot: grid.slots[i] as number }],
              )
              .toReversed()
              .map(({ duty, slot }) => [
                <a href={`#/slot/${slot}`}>{count(slot)}</a>,
                <span class={duty === "missed" ? "text-failure" : ""}>{words[duty]}</span>,
              ])}
          />
        </>
      )}
    </>
  );
}
