import { type EpochProof, epochProofs } from "../../figures/epoch-proofs.js";
import { count, foreign, plural, span } from "../../figures/text.js";
import { Region, Table } from "../parts.js";
import { known, nowMs } from "../store.js";

const SHOWN = 4;
/** What an epoch's proof is at. */
export const proofWords: Readonly<Record<EpochProof["state"], string>> = {
  open: "goes on",
  waiting: "waits for its coordinator",
  collecting: "collects its blocks",
  proving: "is being proven",
  proven: "proven",
  failed: "failed",
};

/** EPOCH PROOF: what is proven, what is at work, and until when. */
export function EpochProofs() {
  const state = known();
  const epochs = epochProofs(state, nowMs.value).slice(-SHOWN).toReversed();
  return (
    <Region
      id="proof"
      title="Epoch proof"
      aside={state.proofs === null ? <span class="soft">no prover here</span> : <Jobs jobs={state.proofs.jobs} />}
      twin={() => <ProofTable epochs={epochs} />}
    >
      {epochs.length === 0 ? (
        <p class="empty">
          After an epoch of {plural(state.rules.epochDuration, "slot")}, its blocks are proven together.
        </p>
      ) : (
        <ul class="epochs">
          {epochs.map(one => (
            <Epoch key={one.epoch} one={one} />
          ))}
        </ul>
      )}
    </Region>
  );
}

function Jobs({ jobs }: { readonly jobs: NonNullable<ReturnType<typeof known>["proofs"]>["jobs"] }) {
  return (
    <>
      <span>□ {count(jobs.queued)} queued</span>
      <span>◐ {count(jobs.leased)} at work</span>
      <span>● {count(jobs.done)} done</span>
      <span class={jobs.failed > 0 ? "text-failure" : ""}>✕ {count(jobs.failed)} failed</span>
    </>
  );
}

function Epoch({ one }: { readonly one: EpochProof }) {
  const { jobs, state } = one;
  const share = state === "proven" ? 1 : jobs === null || jobs.total === 0 ? 0 : jobs.done / jobs.total;
  return (
    <li>
      <p class="line">
        <a href={`#/epoch/${one.epoch}`}>{count(one.epoch)}</a>
        <span class={state === "failed" ? "text-failure" : state === "proven" ? "text-proven" : ""}>
          {" "}
          {proofWords[state]}
        </span>
        <span class="right soft">{figures(one)}</span>
      </p>
      <svg class="progress" width="100%" height="8" aria-hidden="true">
        <rect class="track" width="100%" height="8" />
        <rect
          class={state === "failed" ? "hatch-failure" : state === "proven" ? "fill-proven" : "hatch-proven"}
          width={`${(100 * share).toFixed(1)}%`}
          height="8"
        />
      </svg>
      <p class="line small soft">{one.failure === null ? due(one) : foreign(one.failure)}</p>
    </li>
  );
}

function figures({ jobs, secondsLeft, blocks }: EpochProof): string {
  const parts = [plural(blocks, "block")];
  if (jobs !== null) parts.push(`${count(jobs.done)}/${count(jobs.total)} proofs`);
  if (secondsLeft !== null) parts.push(`~${span(secondsLeft)}`);
  return parts.join(" · ");
}

function due({ state, deadlines }: EpochProof): string {
  if (state === "proven") return "L1 has verified it";
  const ends = deadlines.first / 1000 - known().rules.proofWindow - nowMs.value / 1000;
  if (ends > 0) return `ends in ${span(ends)}, then its coordinator has ${span(known().rules.proofWindow)}`;
  const [first, last] = [(deadlines.first - nowMs.value) / 1000, (deadlines.last - nowMs.value) / 1000];
  if (first > 0) return `its coordinator has ${span(first)}, then anyone for ${span(last - first)}`;
  if (last > 0) return `overdue: anyone may prove it for ${span(last)}`;
  return "overdue: its blocks can be pruned";
}

function ProofTable({ epochs }: { readonly epochs: readonly EpochProof[] }) {
  const rows = epochs.map(one => [
    <a href={`#/epoch/${one.epoch}`}>{count(one.epoch)}</a>,
    proofWords[one.state],
    count(one.blocks),
    one.jobs === null ? "–" : `${count(one.jobs.done)}/${count(one.jobs.total)}`,
    one.failure === null ? due(one) : foreign(one.failure),
  ]);
  return <Table caption="Epochs, newest first" head={["Epoch", "State", "Blocks", "Proofs", "Due"]} rows={rows} />;
}
