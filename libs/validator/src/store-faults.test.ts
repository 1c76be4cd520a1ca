import { Bytes32, type EthAddress, Slot } from "@sprtn/primitives";
import { fakeAddresses } from "@sprtn/testing";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { SlashingProtection, type SignedHistory } from "./index.js";

const [alice, bob] = fakeAddresses(2) as [EthAddress, EthAddress];
const at = (slot: number, n: number) => ({
  slot: Slot(slot),
  digest: Bytes32(`0x${n.toString(16).padStart(64, "0")}`),
});
const imported: SignedHistory = { watermark: Slot(8), records: [at(6, 1), at(8, 2)] };

storeFaultCompliance("SlashingProtection", () => {
  let protection: SlashingProtection;
  const refused = async (work: Promise<void>) =>
    work.then(
      () => "signed twice",
      (error: { code?: string }) => {
        // Its own refusal is an answer; the store's failure is not.
        if (error.code?.startsWith("FAKE_KV")) throw error;
        return error.code;
      },
    );
  const answers: (string | undefined)[] = [];
  return {
    open: async store => void (protection = new SlashingProtection({ store }, { prefix: Uint8Array.of(7) })),
    steps: [
      () => protection.record(alice, "Proposal", at(3, 1)),
      () => protection.record(alice, "Attestation", at(3, 1)),
      async () => void (answers[0] = await refused(protection.record(alice, "Attestation", at(3, 2)))),
      () => protection.record(bob, "Attestation", at(4, 2)),
      () => protection.import(bob, "Attestation", imported),
      async () => void (answers[1] = await refused(protection.record(bob, "Attestation", at(7, 3)))),
      () => protection.record(bob, "Attestation", at(9, 3)),
    ],
    view: async () => ({
      answers,
      histories: await Promise.all(
        [alice, bob].flatMap(key => (["Proposal", "Attestation"] as const).map(type => protection.export(key, type))),
      ),
    }),
  };
});
