import { feePortalAbi, l2AZTAbi } from "@sprtn/contracts";
import type { NodeApi } from "@sprtn/ports";
import type { Field } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { Contract, Interface } from "ethers";
import type { TestNetwork } from "../network/test-network.js";
import { assertInvariant } from "./assert-invariant.js";
import { readChain } from "./read-chain.js";

const portal = new Interface(feePortalAbi);

/** INV-4: no nullifier twice. @throws INVARIANT */
export function auditNullifiers(blocks: readonly L2Block[]): void {
  const seen = new Map<Field, number>();
  for (const { header, effects } of blocks) {
    for (const nullifier of effects.flatMap(effect => effect.nullifiers)) {
      assertInvariant(
        "INV-4",
        !seen.has(nullifier),
        `nullifier ${nullifier} is in blocks ${seen.get(nullifier)} and ${header.number}`,
      );
      seen.set(nullifier, header.number);
    }
  }
}

/**
 * INV-5, to the wei: balances on L2 + burnt base fees = what FeePortal holds + what it released. `privateWei` is what
 * is in notes, which only their owners can tell; every deposit must have been claimed and every withdrawal paid.
 * @throws INVARIANT
 */
export async function auditSupply(
  { devnet, deployment }: TestNetwork,
  node: NodeApi,
  privateWei: bigint,
): Promise<void> {
  const { contracts, l1StartBlock } = deployment;
  const blocks = await readChain(node);
  const balances = new Map<Field, Field>();
  for (const { slot, value } of blocks.flatMap(block => block.effects.flatMap(effect => effect.writes)))
    if (slot !== 0n) balances.set(slot, value);
  const publicWei = [...balances.values()].reduce((sum: bigint, value) => sum + value, 0n);
  const burnt = blocks.reduce((sum, { header }) => sum + header.totalBaseFees, 0n);

  const head = await devnet.provider.getBlockNumber();
  const held = (await new Contract(contracts.token, l2AZTAbi, devnet.provider).getFunction("balanceOf")(
    contracts.feePortal,
    { blockTag: head },
  )) as bigint;
  const logs = await devnet.provider.getLogs({ address: contracts.feePortal, fromBlock: l1StartBlock, toBlock: head });
  const released = logs
    .map(log => portal.parseLog(log))
    .reduce((sum, event) => (event?.name === "BaseFeesReleased" ? sum + (event.args.amount as bigint) : sum), 0n);
  const [l2, l1] = [publicWei + privateWei + burnt, held + released];
  assertInvariant(
    "INV-5",
    l2 === l1,
    `${publicWei} wei public + ${privateWei} in notes + ${burnt} burnt on L2 = ${l2}, ${held} held + ${released} ` +
      `released on L1 = ${l1}, difference ${l2 - l1}`,
  );
}
