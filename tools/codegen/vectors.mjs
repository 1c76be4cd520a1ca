// node tools/codegen/vectors.mjs [folder]: the vectors that TypeScript and Solidity share, 1,000 random cases a kind,
// always the same ones.
// A plain implementation of libs/protocol/spec, on purpose independent of the libraries that are tested with it.
// Formats: contracts/test/vectors/README.md.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keccak256 } from "ethers";

const CASES = 1000;
const hex = bytes => `0x${Buffer.from(bytes).toString("hex")}`;
const bytes = text => Buffer.from(text.slice(2), "hex");
const word = value => Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");
const keccak = (...parts) => bytes(keccak256(hex(Buffer.concat(parts))));
const S = (...parts) => {
  const digest = createHash("sha256").update(Buffer.concat(parts)).digest();
  digest[0] = 0;
  return digest;
};
const zero = Buffer.alloc(32);

/** `length` bytes that follow from `seed`: keccak256(u256(seed) ‖ u256(0)) ‖ keccak256(u256(seed) ‖ u256(1)) … */
export function expand(seed, length) {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) => keccak(word(seed), word(index)));
  return Buffer.concat(blocks).subarray(0, length);
}

let counter = 0n;
const random = length => expand((1n << 128n) + counter++, length);
const below = limit => Number(BigInt(hex(random(8))) % BigInt(limit));
const field = () => {
  const value = Buffer.from(random(32));
  value[0] = 0;
  return value;
};
const number = bits => BigInt(hex(random(bits / 8)));
/** Mostly wide, often at an edge. */
const edgy = bits =>
  [() => 0n, () => 1n, () => (1n << BigInt(bits)) - 1n, () => number(bits) >> BigInt(below(bits)), () => number(bits)][
    below(5)
  ]();

/** A header of which every field is valid; its timestamp is below 2^53, as far as JavaScript counts. */
const headerBytes = () => {
  const header = Buffer.from(random(284));
  for (const at of [0, 68, 116, 148, 180, 248]) header[at] = 0;
  header.fill(0, 40, 42);
  header.fill(0, 280);
  return header;
};

/** The 704-byte effects of `txs` transactions that follow from `seed`: fields with a zero top byte, no revert. */
export function effectsOf(seed, txs) {
  const effects = Buffer.from(expand(seed, txs * 704));
  for (let at = 0; at < effects.length; at += 32) effects[at] = 0;
  for (let at = 32; at < effects.length; at += 704) effects.fill(0, at, at + 32);
  return effects;
}

function leftFilled(leaves, parent) {
  if (leaves.length === 1) return leaves[0];
  const half = leftSize(leaves.length);
  return parent(leftFilled(leaves.slice(0, half), parent), leftFilled(leaves.slice(half), parent));
}
function leftSize(count) {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}
const emptyParent = (left, right) => (left.equals(zero) && right.equals(zero) ? zero : S(left, right));

/** leafId and path of leaf `index`. */
function opening(leaves, index, leafId = 1n) {
  if (leaves.length === 1) return { leafId, path: [] };
  const half = leftSize(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  const inner = index < half ? opening(left, index, leafId * 2n) : opening(right, index - half, leafId * 2n + 1n);
  return { leafId: inner.leafId, path: [...inner.path, leftFilled(index < half ? right : left, emptyParent)] };
}

const kinds = {
  seeds() {
    const [epoch, randao] = [edgy(32), edgy(224)];
    return { epoch, randao, seed: hex(keccak(word(epoch), word(randao))) };
  },
  committees() {
    const [seed, count, size] = [random(32), below(130), 1 + below(48)];
    const deck = Array.from({ length: count }, (_, index) => index);
    const indices = [];
    for (let i = 0; i < Math.min(count, size); i++) {
      const j = i + Number(BigInt(hex(keccak(seed, word(i)))) % BigInt(count - i));
      [deck[i], deck[j]] = [deck[j], deck[i]];
      indices.push(deck[i]);
    }
    // Member k of the set has the address keccak256(u256(k))[12:].
    const addresses = indices.map(index => keccak(word(index)).subarray(12));
    return { seed: hex(seed), count, size, indices, commitment: hex(keccak(...addresses)) };
  },
  quorum(index) {
    return { members: index + 1, quorum: Math.floor((2 * (index + 1)) / 3) + 1 };
  },
  headerHash() {
    const header = headerBytes();
    return { header: hex(header), hash: hex(S(header)) };
  },
  effectsHash() {
    const [seed, txs] = [number(64), below(12)];
    const effects = effectsOf(seed, txs);
    const leaves = Array.from({ length: txs }, (_, index) => S(effects.subarray(index * 704, (index + 1) * 704)));
    return { seed, txs, hash: hex(txs === 0 ? zero : leftFilled(leaves, S)) };
  },
  accumulator() {
    const [chainId, version, genesisHeader] = [edgy(64), edgy(64), headerBytes()];
    const headerHashes = Array.from({ length: below(4) }, field);
    const genesis = S(word(chainId), word(version), genesisHeader);
    return {
      chainId,
      version,
      genesisHeader: hex(genesisHeader),
      genesis: hex(genesis),
      headerHashes: headerHashes.map(hex),
      accumulator: hex(headerHashes.reduce((left, right) => S(left, right), genesis)),
    };
  },
  inHash() {
    const messages = Array.from({ length: below(6) === 0 ? 16 : below(4) }, field);
    return { messages: messages.map(hex), inHash: hex(messages.reduce((left, right) => S(left, right), zero)) };
  },
  outHash() {
    const leaves = Array.from({ length: 1 + below(9) }, () => (below(3) === 0 ? field() : zero));
    const index = below(leaves.length);
    const { leafId, path } = opening(leaves, index);
    return {
      leaves: leaves.map(hex),
      index,
      leafId,
      path: path.map(hex),
      outHash: hex(leftFilled(leaves, emptyParent)),
    };
  },
  messages() {
    const [chainId, version, portal, recipient, amount, globalIndex, secretHash] = [
      edgy(64),
      edgy(64),
      random(20),
      field(),
      edgy(128),
      edgy(36),
      field(),
    ];
    const ethereumRecipient = random(20);
    const address = value => Buffer.concat([Buffer.alloc(12), value]);
    const domain = [word(chainId), word(version), address(portal)];
    return {
      chainId,
      version,
      portal: hex(portal),
      domain: hex(S(...domain)),
      recipient: hex(recipient),
      amount,
      globalIndex,
      secretHash: hex(secretHash),
      toL2: hex(S(...domain, recipient, word(amount), word(globalIndex), secretHash)),
      ethereumRecipient: hex(ethereumRecipient),
      toL1: hex(S(...domain, address(ethereumRecipient), word(amount))),
    };
  },
  baseFee() {
    const target = edgy(62) + 1n;
    const [fee, used] = [
      edgy(64) || 1n,
      below(2) === 0 ? edgy(64) : target * 2n > (1n << 64n) - 1n ? target : number(64) % (target * 2n + 1n),
    ];
    const delta = (fee * (used > target ? used - target : target - used)) / (8n * target);
    const raised = fee + (delta === 0n ? 1n : delta);
    const next = used > target ? (raised >= 1n << 64n ? (1n << 64n) - 1n : raised) : fee - delta || 1n;
    return { fee, used, target, next };
  },
  attestations() {
    const [chainId, rollup, slot] = [edgy(64), random(20), Number(edgy(32))];
    const [headerHash, archive] = [field(), field()];
    const typeHash = text => keccak(Buffer.from(text));
    const domainSeparator = keccak(
      typeHash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
      typeHash("SPRTN"),
      typeHash("1"),
      word(chainId),
      Buffer.concat([Buffer.alloc(12), rollup]),
    );
    const type = typeHash("Attestation(uint32 slot,bytes32 headerHash,bytes32 archive)");
    const struct = keccak(type, word(slot), headerHash, archive);
    return {
      chainId,
      rollup: hex(rollup),
      domainSeparator: hex(domainSeparator),
      slot,
      headerHash: hex(headerHash),
      archive: hex(archive),
      digest: hex(keccak(Buffer.from([0x19, 0x01]), domainSeparator, struct)),
    };
  },
};

/** Every vector file: name → text. Integers above 2^53 are decimal strings. */
export function vectorFiles() {
  counter = 0n;
  const text = value => JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? inner.toString() : inner));
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, make]) => {
      const cases = Array.from({ length: CASES }, (_, index) => text(make(index)));
      return [`${kind}.json`, `{"kind":"${kind}","cases":[\n${cases.join(",\n")}\n]}\n`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL("../../contracts/test/vectors", import.meta.url));
  for (const [name, content] of Object.entries(vectorFiles())) writeFileSync(join(folder, name), content);
}
