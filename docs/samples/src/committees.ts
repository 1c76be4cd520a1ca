// Committees of many epochs: how evenly validators sit in them, and how often some that are offline stop the chain.
// node dist/committees.js [--validators 48] [--committee 16] [--epochs 1000] [--offline 12]
import { parseArgs } from "node:util";
import { drawCommittee, quorum, seedOf } from "@sprtn/consensus";
import { Epoch, EthAddress, keccak256 } from "@sprtn/primitives";

const { values } = parseArgs({
  options: {
    validators: { type: "string", default: "48" },
    committee: { type: "string", default: "16" },
    epochs: { type: "string", default: "1000" },
    offline: { type: "string", default: "12" },
  },
});
const [validatorCount, committeeSize, epochs, offlineCount] = [
  Number(values.validators),
  Number(values.committee),
  Number(values.epochs),
  Number(values.offline),
];

const validators = Array.from({ length: validatorCount }, (_, i) =>
  EthAddress(`0x${(i + 1).toString(16).padStart(40, "0")}`),
);
const offline = new Set(validators.slice(0, offlineCount));
const seats = new Map(validators.map(validator => [validator, 0]));
let stopped = 0;

for (let epoch = 0; epoch < epochs; epoch++) {
  // L1's randao, two epochs before; here any number that nobody chose.
  const randao = BigInt(keccak256(new TextEncoder().encode(`randao of epoch ${epoch}`)));
  const committee = drawCommittee(seedOf(Epoch(epoch), randao), validators, committeeSize);
  for (const member of committee) seats.set(member, (seats.get(member) ?? 0) + 1);
  if (committee.filter(member => !offline.has(member)).length < quorum(committee.length)) stopped++;
}

const counts = [...seats.values()];
const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
console.log(`${epochs} epochs, committees of ${committeeSize} from ${validatorCount} validators`);
console.log(`a validator sits in ${mean.toFixed(1)} of them: ${Math.min(...counts)} to ${Math.max(...counts)}`);
console.log(`with ${offlineCount} offline, ${stopped} epochs are without a quorum of ${quorum(committeeSize)}`);
