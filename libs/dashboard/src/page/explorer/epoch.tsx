import { epochProofs } from "../../figures/epoch-proofs.js";
import { standing } from "../../figures/lanes.js";
import { count, foreign, plural, span } from "../../figures/text.js";
import { epochOf, proofDeadlines, slotsOfEpoch, slotStartMs } from "../../figures/time.js";
import { Table, Validator } from "../parts.js";
import { type Answer, useAnswer } from "../rpc.js";
import { currentSlot, known, nowMs } from "../store.js";
import { proofWords } from "../view/epoch-proof.js";
import { Asked, Facts, Moment } from "./page-parts.js";

interface Progress {
  readonly epoch: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly troubles: readonly { readonly circuit: string; readonly code: string; readonly reason: string }[];
}

export function EpochPage({ epoch }: { readonly epoch: number }) {
  const { rules, proofs } = known();
  const [first, last] = slotsOfEpoch(rules, epoch);
  const current = epochOf(rules, Math.max(0, currentSlot.value));
  const proof = epochProofs(known(), nowMs.value).find(one => one.epoch === epoch);
  const { first: due, last: end } = proofDeadlines(rules, epoch);
  const when = (ms: number) => (
    <>
      <Moment seconds={ms / 1000} /> <span class="soft">{ago(ms - nowMs.value)}</span>
    </>
  );
  return (
    <>
      <h1>
        Epoch {count(epoch)} {epoch === current ? <span class="tag">goes on</span> : null}
      </h1>
      <p class="steps">
        {epoch > 0 ? <a href={`#/epoch/${epoch - 1}`}>← {count(epoch - 1)}</a> : null}
        {epoch < current ? <a href={`#/epoch/${epoch + 1}`}>{count(epoch + 1)} →</a> : null}
      </p>
      <Facts
        facts={[
          [
            "Slots",
            <>
              <a href={`#/slot/${first}`}>{count(first)}</a> to <a href={`#/slot/${last}`}>{count(last)}</a>
            </>,
          ],
          ["Begins", when(slotStartMs(rules, first))],
          ["Coordinator proves until", when(due)],
          ["Anyone proves until", when(end)],
          ...(proof === undefined
            ? []
            : [["State", `${proofWords[proof.state]}, ${plural(proof.blocks, "block")}`] as const]),
          ...(proof === undefined || proof.jobs === null
            ? []
            : [["Proofs", `${count(proof.jobs.done)} of ${count(proof.jobs.total)}`] as const]),
        ]}
      />
      {proofs === null ? null : <Troubles epoch={epoch} />}
      <Blocks first={first} last={last} />
      <h2>Committee</h2>
      <Committee epoch={epoch} />
    </>
  );
}

function ago(ms: number): string {
  return ms > 0 ? `in ${span(ms / 1000)}` : `${span(-ms / 1000)} ago`;
}

function Troubles({ epoch }: { readonly epoch: number }) {
  const answer = useAnswer<readonly Progress[]>({
    method: "prover_getEpochs",
    params: [],
    refresh: Math.floor(nowMs.value / 5000),
  });
  const troubles = answer.kind === "done" ? (answer.value.find(one => one.epoch === epoch)?.troubles ?? []) : [];
  if (troubles.length === 0) return null;
  return (
    <Table
      caption="What keeps it from being proven"
      head={["Circuit", "Code", "Reason"]}
      rows={troubles
        .slice(0, 20)
        .map(({ circuit, code, reason }) => [circuit, <code>{foreign(code)}</code>, foreign(reason, 200)])}
    />
  );
}

function Blocks({ first, last }: { readonly first: number; readonly last: number }) {
  const rows = known().slots.filter(({ slot }) => slot >= first && slot <= last && slot <= currentSlot.value);
  const blocks = rows.flatMap(row => {
    const block = standing(row);
    return block === undefined ? [] : [block];
  });
  if (blocks.length === 0) return null;
  return (
    <>
      <h2>Blocks</h2>
      <p class="runs">
        {blocks.map(({ number }) => (
          <a key={number} href={`#/block/${number}`}>
            {count(number)}
          </a>
        ))}
      </p>
    </>
  );
}

function Committee({ epoch }: { readonly epoch: number }) {
  const inState = known().epochs.find(one => one.epoch === epoch);
  const asked = useAnswer<readonly string[]>({ method: "node_getCommittee", params: [epoch], refresh: "" });
  const answer: Answer<readonly string[]> = inState === undefined ? asked : { kind: "done", value: inState.committee };
  return (
    <Asked answer={answer}>
      {members =>
        members.length === 0 ? (
          <p class="empty">Nobody was registered: anyone could propose.</p>
        ) : (
          <ol class="members">
            {members.map(address => (
              <li key={address}>
                <Validator address={address} />
              </li>
            ))}
          </ol>
        )
      }
    </Asked>
  );
}
