import type { FieldHasher } from "@sprtn/primitives";
import type { Clock, NodeApi, ProofBackend, Random } from "@sprtn/ports";
import { MemoryKvStore } from "@sprtn/storage";
import { Wallet } from "@sprtn/wallet";
import type { DemoSettings } from "./settings.js";

export interface WalletResources {
  readonly hasher: FieldHasher;
  readonly random: Random;
  readonly clock: Clock;
  readonly node: NodeApi;
  readonly proofs: ProofBackend;
}

/** A person's wallet with one account of a new seed; it forgets everything when the demo ends. */
export function openWallet(
  resources: WalletResources,
  { publicMarginPercent, notesMarginPercent, lifetimeEpochs, pollMs }: DemoSettings["wallet"],
): Promise<Wallet> {
  const { hasher, random, clock, node, proofs } = resources;
  const fees = { publicMarginPercent, notesMarginPercent, priorityFees: { perL2Gas: 0n, perDaGas: 0n } };
  return Wallet.open(
    { hasher, random, clock, kv: new MemoryKvStore(), node, proofs },
    { seed: random.bytes(32), accounts: 1, pollMs, lifetimeEpochs, notesKept: 16, fees },
  );
}
