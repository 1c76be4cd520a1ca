import type { ComponentChildren } from "preact";
import { nextProposal } from "../../figures/committee.js";
import { bytes, count, foreign, span } from "../../figures/text.js";
import { slotStartMs } from "../../figures/time.js";
import { Facts } from "../explorer/page-parts.js";
import { Region, Validator } from "../parts.js";
import { currentSlot, known, nowMs } from "../store.js";

/** THIS NODE: whether it fares well, and what comes next for it. */
export function ThisNode() {
  const { node, peers, machine, tips, health } = known();
  const age = tips.l1 === null ? null : nowMs.value / 1000 - tips.l1.timestamp;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [
      "Ready",
      health.ready ? `for ${span((nowMs.value - health.sinceMs) / 1000)}` : `no: ${foreign(health.code ?? "starting")}`,
    ],
    ["Roles", node.roles.join(", ") || "none"],
    ...(node.own === null
      ? []
      : [
          ["Key", <Validator address={node.own} />] as const,
          ["Next proposal", <NextProposal own={node.own} />] as const,
        ]),
    [
      "Peers",
      <a href="#/peers">
        {count(peers.inbound + peers.outbound)} <span class="soft">{`${peers.inbound} in, ${peers.outbound} out`}</span>
      </a>,
    ],
    ["L1", tips.l1 === null ? "not seen yet" : `${count(tips.l1.number)}, ${span(Math.max(0, age ?? 0))} old`],
    ["Event loop", `${machine.loopLagMs.toFixed(machine.loopLagMs < 10 ? 1 : 0)} ms late`],
    ["Memory", bytes(machine.rssBytes)],
    ["Processor", `${Math.round(machine.cores * 100)} % of a core`],
    ["Up", span(machine.uptime)],
    ["Version", foreign(node.version)],
  ];
  return (
    <Region id="node" title="This node" aside={<span class="soft">{foreign(node.name)}</span>}>
      <Facts facts={facts} />
    </Region>
  );
}

function NextProposal({ own }: { readonly own: string }) {
  const slot = nextProposal(known(), own, currentSlot.value);
  if (slot === null) return <>none in this epoch</>;
  const left = (slotStartMs(known().rules, slot) - nowMs.value) / 1000;
  return (
    <>
      in {span(left)} <span class="soft">slot {count(slot)}</span>
    </>
  );
}
