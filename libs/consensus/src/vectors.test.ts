import { readdirSync, readFileSync } from "node:fs";
import {
  bytesToUint,
  concatBytes,
  Epoch,
  EthAddress,
  Field,
  type Field as FieldType,
  fieldToHex,
  fromHex,
  keccak256,
  Slot,
  toHex,
  uintToBytes,
} from "@sprtn/primitives";
import {
  decodeEffects,
  decodeHeader,
  domainOf,
  domainSeparator,
  encodeEffects,
  encodeHeader,
  genesisAccumulator,
  hashEffects,
  hashHeader,
  hashL1ToL2Message,
  hashWithdrawal,
  inHashOf,
  leftFilledPath,
  leftFilledRoot,
  nextAccumulator,
  nextBaseFee,
  outHashParent,
  payloadDigest,
} from "@sprtn/protocol";
import { expect } from "chai";
import { committeeCommitment, quorum, sampleIndices, seedOf } from "./index.js";

// Solidity runs the same files (contracts/test/vectors.test.ts): what agrees with them agrees with the contracts, to
// the byte.
const folder = new URL("../../../contracts/test/vectors/", import.meta.url);

/** A case's values as in the files; the README.md next to them describes each kind. */
type Names =
  | "epoch"
  | "randao"
  | "seed"
  | "count"
  | "size"
  | "indices"
  | "commitment"
  | "members"
  | "quorum"
  | "header"
  | "hash"
  | "txs"
  | "chainId"
  | "version"
  | "genesisHeader"
  | "genesis"
  | "headerHashes"
  | "accumulator"
  | "messages"
  | "inHash"
  | "leaves"
  | "outHash"
  | "index"
  | "leafId"
  | "path"
  | "portal"
  | "domain"
  | "recipient"
  | "amount"
  | "globalIndex"
  | "secretHash"
  | "toL2"
  | "ethereumRecipient"
  | "toL1"
  | "fee"
  | "used"
  | "target"
  | "next"
  | "rollup"
  | "domainSeparator"
  | "slot"
  | "headerHash"
  | "archive"
  | "digest";
type Case = Readonly<Record<Names, string & number & string[] & number[]>>;

const field = (hex: string): FieldType => Field(BigInt(hex));

/** `expand` of the vectors' README. */
function expand(seed: bigint, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let i = 0; parts.length * 32 < length; i++)
    parts.push(fromHex(keccak256(concatBytes(uintToBytes(seed, 32), uintToBytes(i, 32)))));
  return concatBytes(...parts).slice(0, length);
}

function effectBytes(seed: bigint, txs: number): Uint8Array {
  const bytes = expand(seed, 704 * txs);
  for (let i = 0; i < bytes.length; i += 32) bytes[i] = 0;
  for (let i = 0; i < txs; i++) bytes.fill(0, 704 * i + 32, 704 * i + 64);
  return bytes;
}

const addressOf = (index: number) => EthAddress(`0x${keccak256(uintToBytes(index, 32)).slice(-40)}`);

const kinds: Readonly<Record<string, (vector: Case) => void>> = {
  seeds: ({ epoch, randao, seed }) => {
    expect(seedOf(Epoch(Number(epoch)), BigInt(randao))).to.equal(seed);
  },
  committees: ({ seed, count, size, indices, commitment }) => {
    const drawn = sampleIndices(seed, count, size);
    expect(drawn).to.deep.equal(indices);
    expect(committeeCommitment(drawn.map(addressOf))).to.equal(commitment);
  },
  quorum: ({ members, quorum: expected }) => {
    expect(quorum(members)).to.equal(expected);
  },
  headerHash: ({ header, hash }) => {
    const decoded = decodeHeader(fromHex(header));
    expect(toHex(encodeHeader(decoded))).to.equal(header);
    expect(fieldToHex(hashHeader(decoded))).to.equal(hash);
  },
  effectsHash: ({ seed, txs, hash }) => {
    const bytes = effectBytes(BigInt(seed), txs);
    // A fee is below 2^128: the random ones are hashed as they are, without the decoder's check.
    for (let i = 0; i < txs; i++) expect(bytesToUint(bytes.subarray(704 * i + 32, 704 * i + 64))).to.equal(0n);
    expect(fieldToHex(hashEffects(decodeLoosely(bytes)))).to.equal(hash);
  },
  accumulator: ({ chainId, version, genesisHeader, genesis, headerHashes, accumulator }) => {
    const identity = { chainId: BigInt(chainId), rollupVersion: BigInt(version) };
    const first = genesisAccumulator(identity, decodeHeader(fromHex(genesisHeader)));
    expect(fieldToHex(first)).to.equal(genesis);
    expect(
      fieldToHex((headerHashes as string[]).reduce((current, hash) => nextAccumulator(current, field(hash)), first)),
    ).to.equal(accumulator);
  },
  inHash: ({ messages, inHash }) => {
    expect(fieldToHex(inHashOf((messages as string[]).map(field)))).to.equal(inHash);
  },
  outHash: ({ leaves, outHash, index, leafId, path }) => {
    const fields = (leaves as string[]).map(field);
    expect(fieldToHex(leftFilledRoot(fields, outHashParent))).to.equal(outHash);
    if (fields.length === 0) return;
    const found = leftFilledPath(fields, index, outHashParent);
    expect(String(found.leafId)).to.equal(leafId);
    expect(found.path.map(fieldToHex)).to.deep.equal(path);
  },
  messages: vector => {
    const chain = {
      chainId: BigInt(vector.chainId),
      rollupVersion: BigInt(vector.version),
      feePortal: EthAddress(vector.portal),
    };
    const amount = BigInt(vector.amount);
    expect(fieldToHex(domainOf(chain))).to.equal(vector.domain);
    const toL2 = {
      recipient: field(vector.recipient),
      amount,
      globalIndex: BigInt(vector.globalIndex),
      secretHash: field(vector.secretHash),
    };
    expect(fieldToHex(hashL1ToL2Message(chain, toL2))).to.equal(vector.toL2);
    expect(fieldToHex(hashWithdrawal(chain, EthAddress(vector.ethereumRecipient), amount))).to.equal(vector.toL1);
  },
  attestations: ({ chainId, rollup, domainSeparator: separator, slot, headerHash, archive, digest }) => {
    const own = domainSeparator({ chainId: BigInt(chainId), rollup: EthAddress(rollup) });
    expect(own).to.equal(separator);
    const payload = { slot: Slot(slot), headerHash: field(headerHash), archive: field(archive) };
    expect(payloadDigest(own, "Attestation", payload)).to.equal(digest);
  },
  baseFee: ({ fee, used, target, next }) => {
    expect(String(nextBaseFee(BigInt(fee), BigInt(used), BigInt(target)))).to.equal(next);
  },
};

/** Effects whose fees may exceed u128, as random bytes have them: decoded with the fee cut off and put back. */
function decodeLoosely(bytes: Uint8Array) {
  const small = bytes.slice();
  const fees: bigint[] = [];
  for (let at = 64; at < bytes.length; at += 704) {
    fees.push(bytesToUint(bytes.subarray(at, at + 32)));
    small.fill(0, at, at + 32);
  }
  const effects = decodeEffects(small).map((effect, i) => ({ ...effect, fee: fees[i] ?? 0n }));
  expect(encodeEffects(effects)).to.deep.equal(bytes);
  return effects;
}

describe("vectors shared with Solidity", () => {
  for (const name of readdirSync(folder).filter(file => file.endsWith(".json"))) {
    it(name, () => {
      const { kind, cases } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as {
        kind: string;
        cases: Case[];
      };
      const check = kinds[kind];
      if (check === undefined) expect.fail(`no check for vectors of kind ${kind}`);
      expect(cases.length).to.be.at.least(1000);
      cases.forEach(check);
    });
  }
});
