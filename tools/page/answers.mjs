// What a node answers to the page's questions, made up.
import { addressOf, hashOf, NOW_SLOT, rules } from "../../libs/dashboard/dist/test/network.js";

const hash = fill => `0x${String(fill).repeat(64).slice(0, 64)}`;

/** A block as node_getBlock gives it. */
function block(number) {
  const slot = NOW_SLOT - Math.max(0, 4_783 - number);
  return {
    header: {
      lastArchive: hash("1a"),
      number,
      slot,
      timestamp: rules.genesisTime + slot * rules.slotDuration,
      coinbase: addressOf(3),
      feeRecipient: hash("2b"),
      baseFees: { perL2Gas: "1240000000", perDaGas: "88000" },
      daHash: hash("3c"),
      inHash: hash("4d"),
      outHash: hash("5e"),
      txCount: 12,
      totalBaseFees: "48200000000000000",
      totalL2Gas: "38100000",
      totalDaGas: "91000",
      stateHash: hash("6f"),
    },
    headerHash: hashOf(number),
    archive: hash("7a"),
    effects: Array.from({ length: 12 }, (_, i) => ({
      txHash: hashOf(number * 100 + i),
      reverted: i === 4,
      fee: String(40n ** 9n + BigInt(i) * 10n ** 12n),
    })),
  };
}

const peers = Array.from({ length: 14 }, (_, i) => ({
  id: `16Uiu2HAm${String.fromCodePoint(65 + i).repeat(44)}`,
  addresses: [`/ip4/10.0.${i}.7/tcp/40400`],
  score: 100 - i * 7.3,
  direction: i % 3 === 0 ? "inbound" : "outbound",
  agent: i === 2 ? `<img src=x onerror=alert(3)>\u202e${"z".repeat(900)}` : i % 4 === 0 ? null : "sprtn/0.1.0",
}));

const answers = {
  node_getBlock: ([number]) => (number > 4_783 ? null : block(number)),
  node_getTxReceipt: ([txHash]) => ({
    txHash,
    stage: txHash.startsWith("0xdd") ? "dropped" : "proven",
    ...(txHash.startsWith("0xdd")
      ? { code: "TX_FEE_TOO_LOW" }
      : { block: { number: 4_740, hash: hashOf(4_740), index: 3 }, fee: "262144000000000", reverted: false }),
  }),
  node_getCommittee: () => Array.from({ length: 16 }, (_, i) => addressOf(i)),
  node_getProposer: ([slot]) => addressOf(slot % 16),
  node_getPeers: () => peers,
  node_getPendingTxs: () => Array.from({ length: 41 }, (_, i) => hashOf(900_000 + i)),
  prover_getEpochs: () => [],
};

/** The result of a method, or an error as the server words it. */
export function answer(method, params) {
  const known = answers[method];
  return known === undefined
    ? { error: { code: -32601, message: `no method ${method}`, data: { code: "RPC_METHOD_NOT_FOUND" } } }
    : { result: known(params) };
}
