import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { keccak256, toBeHex, type BytesLike } from "ethers";
import { effectsOf } from "../../tools/codegen/vectors.mjs";
import { ethers } from "./support/network.ts";

const folder = new URL("./vectors/", import.meta.url);
// Each kind names its own fields; a wrong one fails in the ABI coder.
// oxlint-disable-next-line typescript/no-explicit-any
type Case = { [field: string]: any };
/** A call of VectorHarness and what it must return. */
type Expectation = [name: string, args: unknown[], expected: unknown];

const address = (index: number): BytesLike => `0x${keccak256(toBeHex(index, 32)).slice(26)}`;

/** What each kind asks of the contracts; contracts/test/vectors/README.md tells the formats. */
const kinds: Record<string, (vector: Case) => Expectation[]> = {
  seeds: ({ epoch, randao, seed }) => [["seed", [epoch, randao], seed]],
  committees: ({ seed, count, size, indices, commitment }) => [
    ["sample", [seed, count, size], (indices as number[]).map(BigInt)],
    ["commitment", [(indices as number[]).map(address)], commitment],
  ],
  quorum: ({ members, quorum }) => [["quorum", [members], BigInt(quorum)]],
  headerHash: ({ header, hash }) => [["headerHash", [header], hash]],
  effectsHash: ({ seed, txs, hash }) => [["txsEffectsHash", [effectsOf(seed, txs)], hash]],
  accumulator: ({ chainId, version, genesisHeader, genesis, headerHashes, accumulator }) => [
    ["genesisAccumulator", [chainId, version, genesisHeader], genesis],
    ["accumulator", [genesis, headerHashes], accumulator],
  ],
  inHash: ({ messages, inHash }) => [["inHash", [messages], inHash]],
  outHash: ({ leaves, index, leafId, path, outHash }) => [["outboxRoot", [leaves[index], leafId, path], outHash]],
  messages: ({
    chainId,
    version,
    portal,
    domain,
    recipient,
    amount,
    globalIndex,
    secretHash,
    toL2,
    ethereumRecipient,
    toL1,
  }) => [
    ["domain", [chainId, version, portal], domain],
    ["messageToL2", [chainId, version, portal, recipient, amount, globalIndex, secretHash], toL2],
    ["messageToL1", [chainId, version, portal, ethereumRecipient, amount], toL1],
  ],
  attestations: ({ domainSeparator, slot, headerHash, archive, digest }) => [
    ["attestationDigest", [domainSeparator, slot, headerHash, archive], digest],
  ],
  baseFee: ({ fee, used, target, next }) => [["nextBaseFee", [fee, used, target], BigInt(next)]],
};

describe("vectors shared with TypeScript", () => {
  for (const file of readdirSync(folder).filter(name => name.endsWith(".json"))) {
    it(file, async () => {
      const { kind, cases } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as {
        kind: string;
        cases: Case[];
      };
      const expectationsOf = kinds[kind];
      if (!expectationsOf) expect.fail(`${file}: unknown kind ${kind}; teach it to contracts/test/vectors.test.ts`);
      expect(cases.length).to.be.at.least(1000);
      const harness = await ethers.deployContract("VectorHarness");
      const expectations = cases.flatMap(expectationsOf);
      const width = 50;
      for (let from = 0; from < expectations.length; from += width) {
        const some = expectations.slice(from, from + width);
        const results: string[] = await harness.getFunction("batch")(
          some.map(([name, args]) => harness.interface.encodeFunctionData(name as "seed", args as never)),
        );
        for (const [index, [name, args, expected]] of some.entries()) {
          const [actual] = harness.interface.decodeFunctionResult(name, results[index]!) as unknown[];
          const plain = Array.isArray(expected) ? [...(actual as unknown[])] : actual;
          expect(plain, `case ${from + index} of ${file}: ${name}(${String(args).slice(0, 200)})`).to.deep.equal(
            expected,
          );
        }
      }
    });
  }
});
