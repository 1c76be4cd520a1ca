// Recomputes a deployment's history from L1 and says what does not hold. Rules by their ID in libs/protocol/spec.
import { AbiCoder, concat, getAddress, ZeroAddress, ZeroHash } from "ethers";
import { abi, MESSAGE_LAG_BLOCKS, MESSAGES_PER_BLOCK } from "./abi.mjs";
import { commitmentOf, drawCommittee, readSignatures, ValidatorSets } from "./committees.mjs";
import { encodeGenesis, leftFilled, messagePair, pair, readHeader, S, splitEffects, word } from "./hashes.mjs";
import { Money } from "./money.mjs";

const coder = AbiCoder.defaultAbiCoder();
const U64_MAX = 2n ** 64n - 1n;

/** TX-2: what a kind of gas costs in the next block. */
export function nextBaseFee(fee, used, target) {
  if (used > target) {
    const delta = (fee * (used - target)) / (8n * target);
    const raised = fee + (delta === 0n ? 1n : delta);
    return raised > U64_MAX ? U64_MAX : raised;
  }
  const lowered = fee - (fee * (target - used)) / (8n * target);
  return lowered === 0n ? 1n : lowered;
}

export class Observer {
  problems = [];
  counts = { blocks: 0, proofs: 0, prunes: 0, messages: 0, withdrawals: 0, signatures: 0, effects: 0 };
  #parameters;
  #sets = new ValidatorSets();
  /** Randao by the first epoch that it holds for. */
  #randao;
  #lastTouch = -1n;
  #effects = new Map([[ZeroHash, "0x"]]);
  /** The chain as the contract has it: `chain[n]`. */
  #chain;
  #proven = 0n;
  #highest = 0n;
  #messages = new Map();
  #lastMessageBlock = 0n;
  #consumed = new Set();
  #nullifiers = new Map();

  constructor(parameters, genesis) {
    this.#parameters = parameters;
    this.money = new Money(parameters, (...claim) => this.#require(...claim));
    const bytes = encodeGenesis(genesis.header);
    const header = readHeader(bytes);
    this.#randao = [];
    this.#chain = [
      {
        header,
        archive: genesis.archive,
        accumulator: S(concat([word(parameters.chainId), word(parameters.rollupVersion), bytes])),
        nextBaseFees: this.#nextBaseFees(header),
        burnt: 0n,
        effects: [],
      },
    ];
  }

  take(event) {
    for (const part of [this, this.money]) part[`on${event.name}`]?.(event.args, event);
  }

  /** What the contracts' storage says in the end. */
  finish({ tips, ...money }) {
    const tip = BigInt(this.#chain.length - 1);
    this.#require(tips.pending === tip, "PEND-1", `L1's pending tip is ${tips.pending}, recomputed ${tip}`);
    this.#require(
      tips.proven === this.#proven,
      "PROV-3",
      `L1's proven tip is ${tips.proven}, recomputed ${this.#proven}`,
    );
    this.money.finish(money);
  }

  onValidatorAdded({ pubkey, effectiveEpoch }) {
    this.#sets.add(pubkey, effectiveEpoch);
  }

  onValidatorExiting({ pubkey, effectiveEpoch }) {
    this.#sets.remove(pubkey, effectiveEpoch);
  }

  /** SEED-1. */
  onRandaoCheckpointed({ epoch, randao }, { block, log }) {
    const current = this.#epochAt(block.timestamp);
    // The constructor writes key 0.
    if (epoch !== 0n || this.#randao.length > 0) {
      const wanted = this.#lastTouch < current - 1n ? current + 1n : current + 2n;
      this.#require(epoch === wanted, "SEED-1", `a touch in epoch ${current} fixed epoch ${epoch}, not ${wanted}`);
      this.#require(this.#lastTouch < current, "SEED-1", `epoch ${current} was touched twice`);
      const low = block.prevrandao & (2n ** 224n - 1n);
      this.#require(randao === low, "SEED-1", `the randao of L1 block ${log.blockNumber} is ${low}, not ${randao}`);
      this.#lastTouch = current;
    }
    this.#randao.push({ epoch, randao });
  }

  onEpochSetUp({ epoch, commitment, committeeSize, coordinator }) {
    const committee = this.#committee(epoch);
    this.#require(commitment === commitmentOf(committee), "COM-1", `epoch ${epoch} has another committee on L1`);
    this.#require(committeeSize === BigInt(committee.length), "COM-1", `epoch ${epoch}: ${committeeSize} members`);
    const { epochDuration } = this.#parameters;
    const last = (epoch + 1n) * epochDuration - 1n;
    const wanted = committee.length === 0 ? ZeroAddress : committee[Number(last % BigInt(committee.length))];
    this.#require(
      coordinator === wanted,
      "COM-2",
      `the coordinator of epoch ${epoch} is ${coordinator}, not ${wanted}`,
    );
  }

  onEffectsPublished({ effectsHash, effects }) {
    const root = leftFilled(
      splitEffects(effects).map(({ hash }) => hash),
      pair,
    );
    this.#require(root === effectsHash, "PEND-5", `published effects hash to ${root}, not ${effectsHash}`);
    this.#effects.set(effectsHash, effects);
  }

  onEffectsCombined({ effectsHash, chunkRoots }) {
    const parts = chunkRoots.map(root => this.#effects.get(root));
    if (!this.#require(!parts.includes(undefined), "PEND-5", `${effectsHash} has a chunk that nobody published`))
      return;
    const effects = concat(parts);
    const root = leftFilled(
      splitEffects(effects).map(({ hash }) => hash),
      pair,
    );
    this.#require(root === effectsHash, "PEND-5", `combined effects hash to ${root}, not ${effectsHash}`);
    this.#effects.set(effectsHash, effects);
  }

  onMessageSent({ blockNumber, globalIndex, messageHash, recipient, amount, secretHash }) {
    const { chainId, rollupVersion, feePortal } = this.#parameters;
    const hash = S(
      coder.encode(
        ["uint256", "uint256", "address", "bytes32", "uint256", "uint256", "bytes32"],
        [chainId, rollupVersion, feePortal, recipient, amount, globalIndex, secretHash],
      ),
    );
    this.#require(hash === messageHash, "MSG-1", `message ${globalIndex} hashes to ${hash}`);
    let open = this.#highest + MESSAGE_LAG_BLOCKS + 1n;
    if (this.#lastMessageBlock > open) open = this.#lastMessageBlock;
    const before = this.#messages.get(open) ?? [];
    if (BigInt(before.length) === MESSAGES_PER_BLOCK) open += 1n;
    const subtree = this.#messages.get(open) ?? [];
    this.#require(blockNumber === open, "MSG-1", `message ${globalIndex} went to block ${blockNumber}, not ${open}`);
    const wanted = MESSAGES_PER_BLOCK * (blockNumber - 1n) + BigInt(subtree.length);
    this.#require(
      globalIndex === wanted,
      "MSG-1",
      `message of block ${blockNumber} has index ${globalIndex}, not ${wanted}`,
    );
    this.#messages.set(blockNumber, [...subtree, messageHash]);
    this.#lastMessageBlock = blockNumber;
    this.counts.messages++;
  }

  onL2PendingBlockProcessed({ blockNumber, headerHash, archive, accumulator, signers }, { block, transaction }) {
    this.counts.blocks++;
    const call = this.#callOf(transaction);
    if (!this.#require(call !== undefined, "PEND-4", `block ${blockNumber} came in a transaction of an unknown form`))
      return;
    const header = readHeader(call.header);
    const at = `block ${blockNumber} of slot ${header.slot}`;
    const { genesisTime, slotDuration, epochDuration, proposalLateness } = this.#parameters;
    const parent = this.#chain.at(-1);

    this.#require(S(call.header) === headerHash, "PEND-1", `${at}: its header hashes to ${S(call.header)}`);
    this.#require(
      header.number === blockNumber && header.number === BigInt(this.#chain.length),
      "PEND-1",
      `${at}: number`,
    );
    this.#require(
      header.lastArchive === parent.archive,
      "PEND-1",
      `${at}: its lastArchive is not its parent's archive`,
    );
    this.#require(header.reserved === 0n && archive === call.archive, "PEND-1", `${at}: reserved bytes or archive`);
    const current = (block.timestamp - genesisTime) / slotDuration;
    this.#require(header.slot > parent.header.slot, "PEND-2", `${at}: not after its parent's slot`);
    this.#require(header.slot <= current, "PEND-2", `${at}: in the future of slot ${current}`);
    this.#require(header.slot + proposalLateness >= current, "PEND-2", `${at}: ${current - header.slot} slots late`);
    this.#require(header.timestamp === genesisTime + header.slot * slotDuration, "PEND-2", `${at}: timestamp`);

    const committee = this.#committee(header.slot / epochDuration);
    if (committee.length > 0) this.#checkQuorum(at, { committee, header, headerHash, archive, call, signers });
    const chained = S(concat([parent.accumulator, headerHash]));
    this.#require(chained === accumulator, "INV-7", `${at}: accumulator ${accumulator}, recomputed ${chained}`);
    const inHash = (this.#messages.get(blockNumber) ?? []).reduce((rolled, message) => pair(rolled, message), ZeroHash);
    this.#require(header.inHash === inHash, "PEND-6", `${at}: inHash ${header.inHash}, recomputed ${inHash}`);
    for (const [i, kind] of ["L2", "DA"].entries())
      this.#require(header.baseFees[i] === parent.nextBaseFees[i], "PEND-6", `${at}: base fee of ${kind} gas`);
    const effects = this.#checkEffects(at, header);
    this.#highest = blockNumber > this.#highest ? blockNumber : this.#highest;
    this.#chain.push({
      header,
      archive,
      accumulator,
      effects,
      nextBaseFees: this.#nextBaseFees(header),
      burnt: parent.burnt + header.totalBaseFees,
      coinbase: signers === 0n ? ZeroAddress : getAddress(header.coinbase),
    });
    if (signers > 0n) this.money.earn(getAddress(header.coinbase), this.#parameters.pendingReward);
  }

  onL2ProvenBlockProcessed({ blockNumber, prover, firstBlock, archive }, { block, transaction }) {
    this.counts.proofs++;
    const at = `the proof of blocks ${firstBlock} to ${blockNumber}`;
    this.#require(firstBlock === this.#proven + 1n, "PROV-1", `${at} came after block ${this.#proven}`);
    const last = this.#chain[Number(blockNumber)];
    if (!this.#require(last !== undefined, "PROV-1", `${at}: there is no such block`)) return;
    this.#require(last.archive === archive, "INV-7", `${at} is of another archive than L1 held`);
    this.#require(transaction.from === prover, "INV-7", `${at} was sent by ${transaction.from} for ${prover}`);
    const { epochDuration, genesisTime, slotDuration, proofWindow, challengeWindow, provingRight } = this.#parameters;
    const epochOf = number => this.#chain[Number(number)].header.slot / epochDuration;
    const epoch = epochOf(firstBlock);
    this.#require(epochOf(blockNumber) === epoch, "PROV-1", `${at} spans more than epoch ${epoch}`);
    const end = genesisTime + (epoch + 1n) * epochDuration * slotDuration;
    this.#require(block.timestamp >= end, "PROV-1", `${at} came before epoch ${epoch} was over`);
    this.#require(block.timestamp <= end + proofWindow + challengeWindow, "PROV-2", `${at} came after D2`);
    const committee = this.#committee(epoch);
    if (block.timestamp < end + proofWindow) {
      const next = this.#chain[Number(blockNumber) + 1];
      const whole = next === undefined || next.header.slot / epochDuration > epoch;
      this.#require(whole, "PROV-2", `${at} came before D1 and leaves out blocks of epoch ${epoch}`);
      const coordinator = committee[Number(((epoch + 1n) * epochDuration - 1n) % BigInt(committee.length || 1))];
      const mayProve = provingRight !== 0n || coordinator === undefined || coordinator === prover;
      this.#require(mayProve, "PROV-2", `${at} came before D1 from ${prover}, who is not the coordinator`);
    }
    if (committee.length > 0) this.money.earn(prover, (blockNumber - this.#proven) * this.#parameters.proverShare);
    for (const { coinbase } of this.#chain.slice(Number(this.#proven) + 1, Number(blockNumber) + 1))
      this.money.proven(coinbase);
    const before = this.#chain[Number(this.#proven)].burnt;
    this.money.expectRelease(last.burnt - before, at);
    this.#proven = blockNumber;
  }

  onPrunedPendingChain({ provenTip, oldTip }) {
    this.counts.prunes++;
    this.#require(provenTip === this.#proven, "PROV-4", `a prune to ${provenTip}, proven is ${this.#proven}`);
    this.#require(oldTip === BigInt(this.#chain.length - 1), "PROV-4", `a prune of ${oldTip}`);
    for (const { effects } of this.#chain.splice(Number(provenTip) + 1))
      for (const { fields } of effects) for (const nullifier of fields.slice(3, 5)) this.#nullifiers.delete(nullifier);
  }

  onWithdrawn({ recipient, amount, blockNumber, leafId }) {
    this.counts.withdrawals++;
    const at = `the withdrawal of leaf ${leafId} of block ${blockNumber}`;
    this.#require(blockNumber <= this.#proven, "MSG-2", `${at} was paid before the block was proven`);
    const { chainId, rollupVersion, feePortal } = this.#parameters;
    const hash = S(
      coder.encode(
        ["uint256", "uint256", "address", "address", "uint256"],
        [chainId, rollupVersion, feePortal, recipient, amount],
      ),
    );
    const sent =
      this.#chain[Number(blockNumber)]?.effects.filter(({ fields }) => word(fields[15]) === hash).length ?? 0;
    this.#require(sent > 0, "MSG-2", `${at} is of no message of that block`);
    const key = `${blockNumber}/${leafId}`;
    this.#require(!this.#consumed.has(key), "MSG-2", `${at} was paid twice`);
    this.#consumed.add(key);
  }

  #checkQuorum(at, { committee, header, headerHash, archive, call, signers }) {
    const read = readSignatures(call.signatures, {
      parameters: this.#parameters,
      slot: header.slot,
      headerHash,
      archive,
    });
    this.counts.signatures += read.signers.length;
    this.#require(read.exact, "PEND-4", `${at}: its signatures have another length`);
    this.#require(read.members.join() === committee.join(), "PEND-4", `${at}: signed by another committee`);
    const quorum = Math.floor((2 * committee.length) / 3) + 1;
    this.#require(read.signers.length >= quorum, "INV-3", `${at}: ${read.signers.length} signers, ${quorum} needed`);
    this.#require(BigInt(read.signers.length) === signers, "PEND-4", `${at}: L1 counted ${signers} signers`);
    const proposer = Number(header.slot % BigInt(committee.length));
    this.#require(read.signers.includes(proposer), "PEND-3", `${at}: its proposer did not sign`);
  }

  #checkEffects(at, header) {
    const bytes = this.#effects.get(header.daHash);
    if (!this.#require(bytes !== undefined, "PEND-5", `${at}: nobody published its effects`)) return [];
    const effects = splitEffects(bytes);
    this.counts.effects += effects.length;
    this.#require(BigInt(effects.length) === header.txCount, "PEND-5", `${at}: ${effects.length} effects`);
    const outHash = leftFilled(
      effects.map(({ fields }) => word(fields[15])),
      messagePair,
    );
    this.#require(outHash === header.outHash, "MSG-2", `${at}: outHash ${header.outHash}, recomputed ${outHash}`);
    const fees = effects.reduce((sum, { fields }) => sum + fields[2], 0n);
    this.#require(
      fees >= header.totalBaseFees,
      "TX-2",
      `${at}: it burns ${header.totalBaseFees} of ${fees} wei of fees`,
    );
    const { l2GasTarget, daGasTarget } = this.#parameters;
    const fits = header.gas[0] <= 2n * l2GasTarget && header.gas[1] <= 2n * daGasTarget;
    this.#require(fits, "TX-2", `${at}: its gas is more than twice the target`);
    // A fee from notes is burnt in full beyond the tip, so more may be burnt than the gas costs, and never less.
    const cost = header.gas[0] * header.baseFees[0] + header.gas[1] * header.baseFees[1];
    this.#require(
      cost <= header.totalBaseFees,
      "TX-2",
      `${at}: it burns ${header.totalBaseFees}, its gas costs ${cost}`,
    );
    for (const { fields } of effects)
      for (const nullifier of fields.slice(3, 5)) {
        this.#require(
          !this.#nullifiers.has(nullifier),
          "INV-4",
          `${at}: a nullifier of block ${this.#nullifiers.get(nullifier)}`,
        );
        this.#nullifiers.set(nullifier, header.number);
      }
    return effects;
  }

  #nextBaseFees({ baseFees, gas }) {
    const { l2GasTarget, daGasTarget } = this.#parameters;
    return [nextBaseFee(baseFees[0], gas[0], l2GasTarget), nextBaseFee(baseFees[1], gas[1], daGasTarget)];
  }

  #callOf(transaction) {
    const call = abi.parseTransaction({ data: transaction.data });
    if (call === null) return undefined;
    const { header, archive, signatures } = call.args;
    return { header, archive, signatures };
  }

  #committee(epoch) {
    const { randao } = this.#randao.findLast(entry => entry.epoch <= epoch) ?? { randao: 0n };
    return drawCommittee({ epoch, randao, set: this.#sets.at(epoch), size: Number(this.#parameters.committeeSize) });
  }

  #epochAt(timestamp) {
    const { genesisTime, slotDuration, epochDuration } = this.#parameters;
    return timestamp < genesisTime ? 0n : (timestamp - genesisTime) / slotDuration / epochDuration;
  }

  #require(holds, rule, what) {
    if (!holds) this.problems.push(`${rule}: ${what}`);
    return holds;
  }
}
