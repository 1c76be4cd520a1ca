import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { abi } from "./abi.mjs";
import { Observer } from "./observer.mjs";
import { readRecord } from "./record.mjs";

/** A local network's first twenty slots, as L1 told them: deposits, payments, four proofs. */
const file = fileURLToPath(new URL("fixtures/local-network.json", import.meta.url));

function problemsOf(change = () => {}) {
  const record = readRecord(file);
  change(record);
  const observer = new Observer(record.parameters, record.genesis);
  for (const event of record.events) observer.take(event);
  observer.finish(record.end);
  return observer.problems;
}

const named = (record, name) => record.events.filter(event => event.name === name);
const flip = hex => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}`;

/** Changes the calldata with which the n-th block was proposed. */
function propose(record, index, change) {
  const { transaction } = named(record, "L2PendingBlockProcessed")[index];
  const call = abi.parseTransaction({ data: transaction.data });
  const args = Object.fromEntries(call.fragment.inputs.map((input, i) => [input.name, call.args[i]]));
  const changed = { ...args, ...change(args) };
  transaction.data = abi.encodeFunctionData(
    call.name,
    call.fragment.inputs.map(input => changed[input.name]),
  );
}

/** The header's byte at `offset` becomes another. */
const headerByte = (index, offset) => record =>
  propose(record, index, ({ header }) => {
    const at = 2 + 2 * offset;
    const byte = (parseInt(header.slice(at, at + 2), 16) ^ 1).toString(16).padStart(2, "0");
    return { header: `${header.slice(0, at)}${byte}${header.slice(at + 2)}` };
  });

const tamperings = [
  ["PEND-1", "another header than its hash", headerByte(2, 250)],
  ["PEND-1", "a block that does not follow its parent", headerByte(2, 5)],
  ["PEND-2", "a slot in the future", record => (named(record, "L2PendingBlockProcessed")[1].block.timestamp -= 30n)],
  [
    "PEND-2",
    "a block that came too late",
    record => (named(record, "L2PendingBlockProcessed")[1].block.timestamp += 60n),
  ],
  [
    "PEND-5",
    "effects that nobody published",
    record => (record.events = record.events.filter(e => e.name !== "EffectsPublished")),
  ],
  [
    "PEND-5",
    "other effects than their hash",
    record =>
      (named(record, "EffectsPublished")[0].args.effects = flip(named(record, "EffectsPublished")[0].args.effects)),
  ],
  ["PEND-6", "other base fees", headerByte(3, 107)],
  [
    "PEND-6",
    "a message that was not there",
    record => (record.events = record.events.filter(e => e !== named(record, "MessageSent")[0])),
  ],
  [
    "MSG-1",
    "a message with another hash",
    record =>
      (named(record, "MessageSent")[0].args.messageHash = flip(named(record, "MessageSent")[0].args.messageHash)),
  ],
  ["MSG-1", "a message in another subtree", record => (named(record, "MessageSent")[1].args.blockNumber += 1n)],
  ["MSG-2", "another outHash", headerByte(4, 200)],
  [
    "INV-7",
    "another accumulator",
    record =>
      (named(record, "L2PendingBlockProcessed")[4].args.accumulator = flip(
        named(record, "L2PendingBlockProcessed")[4].args.accumulator,
      )),
  ],
  [
    "PEND-4",
    "signatures of strangers",
    record =>
      propose(record, 1, ({ signatures }) => ({
        signatures: `${signatures.slice(0, 40)}${flip(signatures.slice(40, 60))}${signatures.slice(60)}`,
      })),
  ],
  [
    "PEND-4",
    "a count of signers that the signatures do not bear out",
    record => (named(record, "L2PendingBlockProcessed")[1].args.signers += 1n),
  ],
  ["SEED-1", "another randao than L1's", record => (named(record, "RandaoCheckpointed").at(-1).args.randao += 1n)],
  [
    "SEED-1",
    "a touch that fixes another epoch",
    record => (named(record, "RandaoCheckpointed").at(-1).args.epoch += 1n),
  ],
  [
    "COM-1",
    "a committee that was not drawn",
    record => (named(record, "EpochSetUp")[1].args.commitment = flip(named(record, "EpochSetUp")[1].args.commitment)),
  ],
  [
    "COM-2",
    "another coordinator",
    record => (named(record, "EpochSetUp")[1].args.coordinator = record.parameters.rollup),
  ],
  [
    "COM-1",
    "a validator that nobody added",
    record => (record.events = record.events.filter(e => e !== named(record, "ValidatorAdded")[0])),
  ],
  ["PROV-1", "a proof that leaves a gap", record => (named(record, "L2ProvenBlockProcessed")[1].args.firstBlock += 1n)],
  [
    "PROV-1",
    "a proof before the epoch is over",
    record => (named(record, "L2ProvenBlockProcessed")[0].block.timestamp = record.parameters.genesisTime),
  ],
  ["PROV-2", "a proof after D2", record => (named(record, "L2ProvenBlockProcessed")[0].block.timestamp += 10_000_000n)],
  [
    "INV-7",
    "a proof of another archive",
    record =>
      (named(record, "L2ProvenBlockProcessed")[1].args.archive = flip(
        named(record, "L2ProvenBlockProcessed")[1].args.archive,
      )),
  ],
  ["PROV-3", "a proven tip that no proof moved", record => (record.end.tips.proven += 1n)],
  ["INV-5", "base fees that were not burnt", record => (named(record, "BaseFeesReleased")[0].args.amount += 1n)],
  ["INV-5", "tokens that left the portal", record => (record.end.portalBalance -= 1n)],
  ["MSG-3", "a portal that counts wrongly", record => (record.end.locked += 1n)],
  ["INV-8", "a credit that nobody earned", record => (named(record, "RewardCredited")[0].args.amount += 1n)],
  [
    "INV-8",
    "a credit that storage does not have",
    record => record.end.credits.set(named(record, "RewardCredited")[0].args.account, 0n),
  ],
  [
    "INV-4",
    "a nullifier that was used before",
    record => {
      const [first, second] = named(record, "EffectsPublished");
      second.args.effects = first.args.effects;
    },
  ],
];

describe("the observer", () => {
  it("finds nothing in a network that keeps the rules", () => {
    expect(problemsOf()).to.deep.equal([]);
  });

  for (const [rule, what, change] of tamperings) {
    it(`${rule}: finds ${what}`, () => {
      expect(problemsOf(change).map(problem => problem.slice(0, problem.indexOf(":")))).to.include(rule);
    });
  }
});
