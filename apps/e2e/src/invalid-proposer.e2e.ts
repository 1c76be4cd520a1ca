import { expect } from "chai";
import { readL1History } from "./l1/l1-history.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { EPOCH_SLOTS, SLOT_SECONDS } from "./network/short-parameters.js";
import { assertGoesOn, currentSlot, filled, slotRecords } from "./network/slots.js";
import { waitFor } from "./process/wait-for.js";
import { auditProtection } from "./watch/audit-protection.js";

const SLOT_MS = 1000 * SLOT_SECONDS;
const FAULTY = 3;

describe("a network that met through a bootstrap node, one of whose validators proposes invalid blocks", () => {
  const run = runHooks({
    name: "test-invalid",
    proofSeconds: 16,
    challengeSeconds: 64,
    proving: true,
    bootstrap: true,
    validatorEnvironment: index => (index === FAULTY ? { TEST_FAULTS: "invalid-proposals" } : {}),
  });

  it("d: none of its slots holds a block, the others go on", async () => {
    const { network, hub, validators } = run();
    // INV-9 speaks of a network that is up: processes that still load take the others' time.
    const first = currentSlot(network) + 2;
    const last = first + 3 * EPOCH_SLOTS - 1;
    await waitFor("three epochs", 20 * SLOT_MS, async () => currentSlot(network) > last);
    const records = await slotRecords(await readL1History(network), hub, { first, last });
    const faulty = filled(records, network.validatorAddress(FAULTY));
    expect(faulty.own, "slots of the faulty validator").to.be.at.least(2);
    expect(faulty.withBlock, "its slots with a block").to.equal(0);
    const honest = assertGoesOn(
      validators
        .map((_, index) => filled(records, network.validatorAddress(index)))
        .filter((_, index) => index !== FAULTY),
    );
    const rejected = run()
      .observer.check()
      .filter(({ signer, type }) => type === "Proposal" && signer === network.validatorAddress(FAULTY));
    expect(rejected.length, "invalid proposals that were gossiped").to.be.greaterThan(0);
    await waitFor("proofs go on", 12 * SLOT_MS, async () => (await readL1History(network)).proven > 0);
    await allAgree(network, network.nodes, 5 * SLOT_MS);
    report(
      `slots ${first}–${last}: ${faulty.withBlock} of ${faulty.own} of the faulty one, ${honest.withBlock} of ` +
        `${honest.own} of the others hold a block`,
    );
  });

  it("INV-6: the honest validators' records hold every signature that they gave", async () => {
    const { network, observer, validators } = run();
    const seen = observer.check();
    await run().stopPrograms();
    let records = 0;
    for (const [index, { dataDirectory }] of validators.entries())
      records += await auditProtection(dataDirectory, network.validatorAddress(index), seen);
    report(`${seen.length} signatures heard, ${records} on record`);
  });
});
