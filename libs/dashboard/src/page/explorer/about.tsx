import { foreign, span } from "../../figures/text.js";
import { Hex, Validator } from "../parts.js";
import { shortcuts } from "../preferences.js";
import { known } from "../store.js";
import { Facts, Moment } from "./page-parts.js";

export function About() {
  const { node, rules } = known();
  const proofs = node.proofMode === "simulated" ? "simulated: L1 verifies none" : `real, CRS ${node.crs ?? "unknown"}`;
  return (
    <>
      <h1>About this node</h1>
      <Facts
        facts={[
          ["Name", foreign(node.name)],
          ["Version", foreign(node.version)],
          ["Network", `${foreign(node.network)}, chain ${foreign(node.chainId)}`],
          ["Rollup contract", <Hex value={node.rollup} />],
          ["Roles", node.roles.join(", ") || "none"],
          ["Key", node.own === null ? "signs nothing" : <Validator address={node.own} />],
          ["Proofs", proofs],
          ["Genesis", <Moment seconds={rules.genesisTime} />],
          ["Slot", span(rules.slotDuration)],
          ["Epoch", `${rules.epochDuration} slots, ${span(rules.epochDuration * rules.slotDuration)}`],
          ["Fees", rules.fees === "off" ? "off: 1 wei per gas" : "on: base fees follow the use of blocks"],
          ["Coordinator's time to prove", span(rules.proofWindow)],
          ["Then anyone's", span(rules.challengeWindow)],
        ]}
      />
      <h2>Keys</h2>
      <Facts
        facts={[
          ["/", "search: a number, a transaction's or block's hash, a validator's address"],
          ["T", "graphics as tables, and back"],
          ["← → Home End", "go through slots, once a graphic has the focus; Enter opens one, End returns to now"],
        ]}
      />
      <p>
        <label class="choice">
          <input
            type="checkbox"
            checked={shortcuts.value}
            onChange={event => (shortcuts.value = event.currentTarget.checked)}
          />{" "}
          / and T act anywhere on the page
        </label>
      </p>
      <h2>What the words mean</h2>
      <Facts
        facts={[
          ["Slot", "a stretch of time with one proposer, who may make one block in it"],
          ["Attestation", "a committee member's signature: it has executed the block itself; a quorum is two thirds"],
          ["Pending", "L1 holds the block; it can still be pruned if nobody proves it in time"],
          ["Proven", "L1 has verified the proof of the block's epoch"],
          ["Finalized", "the proof's L1 block is final"],
          ["Missed", "the member was in the committee, others attested, and this node heard nothing of it"],
        ]}
      />
    </>
  );
}
