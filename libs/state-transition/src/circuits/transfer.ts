import { addressFromField, type Field, type FieldHasher, isField, ZERO_FIELD } from "@sprtn/primitives";
import {
  type AccountSecrets,
  CallKind,
  constants,
  deriveAddress,
  deriveNpk,
  dummyNullifier,
  hashL1ToL2Message,
  hashNote,
  hashSecret,
  type InputNote,
  maxFeeOf,
  messageNullifier,
  noteNullifier,
  type OutputNote,
  type TransferWitness,
  type TxPublicInputs,
  uniqueNoteHash,
} from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";
import { climb } from "./tree-steps.js";

const inRange = (value: bigint | number, bits: number): boolean =>
  BigInt(value) >= 0n && BigInt(value) >> BigInt(bits) === 0n;

/**
 * The client circuit (`libs/protocol/spec/transactions.md`, "Witness"): what a proof of kind `proof` shows. A public
 * transfer costs about ten hashes here.
 * @throws CircuitError CONSTRAINT, its payload naming the rule
 */
export function transferCircuit(hasher: FieldHasher, witness: TransferWitness): TxPublicInputs {
  checkRanges(witness);
  checkCall(witness);
  checkDeposit(hasher, witness);
  checkAccounts(hasher, witness);
  const { call, inputs, outputs } = witness;

  const npk = inputs.some(isReal) ? deriveNpk(hasher, witness.nsk) : ZERO_FIELD;
  const own = inputs.map(input => spend(hasher, { ...witness, npk }, input)) as [Field, Field];
  const nullifiers: TxPublicInputs["nullifiers"] =
    call.kind === CallKind.DEPOSIT ? [messageNullifier(hasher, call.message, witness.message.secret), own[1]] : own;

  const noteHashes = outputs.map((output, index) => {
    constrain(output.present || output.value === 0n, "an absent output has a value");
    return output.present
      ? uniqueNoteHash(hasher, { firstNullifier: nullifiers[0], outputIndex: index }, hashNote(hasher, output))
      : ZERO_FIELD;
  }) as [Field, Field];

  const feeFromNotes = witness.feePayer === 0n ? maxFeeOf(witness.gas) : 0n;
  const shielded = call.kind === CallKind.SHIELD ? call.amount : 0n;
  const unshielded = call.kind === CallKind.UNSHIELD ? call.amount : 0n;
  constrain(sum(inputs) + shielded === sum(outputs) + unshielded + feeFromNotes, "inputs and outputs do not balance");

  return {
    chainId: witness.chainId,
    rollupVersion: witness.rollupVersion,
    anchorNoteHashRoot: witness.anchorNoteHashRoot,
    expirationSlot: witness.expirationSlot,
    nullifiers,
    noteHashes,
    encryptedNotesHash: witness.encryptedNotesHash,
    publicSender: witness.publicSender,
    call,
    feePayer: witness.feePayer,
    feeFromNotes,
    gas: witness.gas,
  };
}

const isReal = (input: InputNote): boolean => input.value > 0n;
const sum = ([first, second]: TransferWitness["inputs" | "outputs"]): bigint => first.value + second.value;

/** "Ranges: slots u32, gas limits u32, fees per gas u64, amounts u128": in Noir these are the types. */
function checkRanges({
  chainId,
  rollupVersion,
  expirationSlot,
  call,
  gas,
  inputs,
  outputs,
  message,
}: TransferWitness): void {
  constrain(inRange(chainId, 64) && inRange(rollupVersion, 64), "chain id or version is not a u64");
  constrain(inRange(expirationSlot, 32), "expiration slot is not a u32");
  constrain(inRange(call.amount, 128), "amount is not a u128");
  constrain(
    [gas.l2GasLimit, gas.daGasLimit, gas.l2TeardownGasLimit, gas.daTeardownGasLimit].every(limit => inRange(limit, 32)),
    "a gas limit is not a u32",
  );
  const fees = [gas.maxFees.perL2Gas, gas.maxFees.perDaGas, gas.priorityFees.perL2Gas, gas.priorityFees.perDaGas];
  constrain(
    fees.every(fee => inRange(fee, 64)),
    "a fee per gas is not a u64",
  );
  constrain(
    inputs.every(note => inRange(note.value, 128)),
    "an input value is not a u128",
  );
  constrain(
    inputs.every(note => inRange(note.outputIndex, 1)),
    "an input's output index is not 0 or 1",
  );
  constrain(
    inputs.every(note => inRange(note.leafIndex, constants.NOTE_HASH_TREE_DEPTH)),
    "an input's leaf index is not a u32",
  );
  constrain(
    outputs.every((note: OutputNote) => inRange(note.value, 128)),
    "an output value is not a u128",
  );
  constrain(inRange(message.globalIndex, 64), "message index is not a u64");
}

/** The table of calls: which fields a kind uses, the others being 0. */
function checkCall({ call, publicSender, feePayer, inputs }: TransferWitness): void {
  const { kind, target } = call;
  constrain(CallKind[kind] !== undefined, "no such call kind");
  constrain(call.amount > 0n === (kind !== CallKind.NONE), "a call has an amount, no call has none");
  const debits = kind === CallKind.TRANSFER || kind === CallKind.SHIELD || kind === CallKind.WITHDRAW;
  constrain((publicSender !== 0n) === debits, "a public sender is there for kinds that debit one, and only for them");
  constrain(
    (target !== 0n) === (kind !== CallKind.NONE && kind !== CallKind.SHIELD),
    "a target is there for kinds that have one, and only for them",
  );
  constrain(kind === CallKind.DEPOSIT || call.message === 0n, "only a deposit consumes a message");
  constrain(kind !== CallKind.WITHDRAW || inRange(target, 160), "target of a withdraw is no Ethereum address");
  constrain(kind !== CallKind.SHIELD || !inputs.some(isReal), "a shield spends no notes");
  constrain(kind !== CallKind.SHIELD || feePayer !== 0n, "a shield has a fee payer");
}

/**
 * A deposit's first nullifier is the message's, so its first input is a dummy; the message says what is credited to
 * whom.
 */
function checkDeposit(hasher: FieldHasher, { chainId, rollupVersion, call, inputs, message }: TransferWitness): void {
  if (call.kind !== CallKind.DEPOSIT) return;
  constrain(!isReal(inputs[0]), "first input of a deposit is no dummy");
  constrain(inRange(message.portal, 160), "portal is no Ethereum address");
  const opened = hashL1ToL2Message(
    { chainId, rollupVersion, feePortal: addressFromField(message.portal) },
    {
      recipient: call.target,
      amount: call.amount,
      globalIndex: message.globalIndex,
      secretHash: hashSecret(hasher, message.secret),
    },
  );
  constrain(opened === call.message, "message does not say what the deposit credits");
}

/** The debited accounts agree: two separate witnesses, so that one account may pay the fee of another's call. */
function checkAccounts(hasher: FieldHasher, { publicSender, sender, feePayer, payer }: TransferWitness): void {
  const address = (secrets: AccountSecrets) =>
    deriveAddress(hasher, deriveNpk(hasher, secrets.nsk), secrets.viewingKey);
  const senderAddress = publicSender === 0n ? ZERO_FIELD : address(sender);
  constrain(publicSender === senderAddress, "public sender's secrets are not known");
  if (feePayer === 0n) return;
  const same =
    payer.nsk === sender.nsk &&
    payer.viewingKey.x === sender.viewingKey.x &&
    payer.viewingKey.y === sender.viewingKey.y;
  constrain(
    feePayer === (same && publicSender !== 0n ? senderAddress : address(payer)),
    "fee payer's secrets are not known",
  );
}

/**
 * An input's nullifier; one with a value is a member of the tree under the anchor root and belongs to who knows nsk.
 */
function spend(
  hasher: FieldHasher,
  { nsk, npk, anchorNoteHashRoot }: TransferWitness & { readonly npk: Field },
  input: InputNote,
): Field {
  if (!isReal(input)) return dummyNullifier(hasher, nsk, input.randomness);
  const unique = uniqueNoteHash(
    hasher,
    input,
    hashNote(hasher, { value: input.value, npk, randomness: input.randomness }),
  );
  const { path } = input;
  constrain(
    path.length === constants.NOTE_HASH_TREE_DEPTH &&
      path.every(isField) &&
      climb(hasher, unique, Number(input.leafIndex), path) === anchorNoteHashRoot,
    "an input note is not in the tree of the anchor",
  );
  return noteNullifier(hasher, unique, nsk);
}
