import { addressToField, type EthAddress, Field, type FieldHasher, Slot, ZERO_FIELD } from "@sprtn/primitives";
import type { ProofBackend } from "@sprtn/ports";
import {
  type AccountSecrets,
  AuthorizationKind,
  CallKind,
  constants,
  createTx,
  deriveAddress,
  deriveNpk,
  encodeTransferWitness,
  hashEncryptedNotes,
  type InputNote,
  NO_ENCRYPTED_NOTES,
  type OutputNote,
  type PublicCall,
  publicInputsFromFields,
  type TransferWitness,
  type Tx,
} from "@sprtn/protocol";
import { chain, ChainFixture } from "@sprtn/state-transition/chain-fixture";

const nobody: AccountSecrets = { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } };
export const alice: AccountSecrets = { nsk: Field(11), viewingKey: { x: Field(1), y: Field(2) } };
export const bob: AccountSecrets = { nsk: Field(12), viewingKey: { x: Field(3), y: Field(4) } };
const noPath = Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => ZERO_FIELD);
const absent: OutputNote = { present: false, value: 0n, npk: ZERO_FIELD, randomness: ZERO_FIELD };
const funds = 10n ** 18n;

/** A chain in memory whose transactions carry proofs that a backend made of real witnesses. */
export class PaymentChain {
  readonly fixture: ChainFixture;

  readonly #dependencies: { readonly hasher: FieldHasher; readonly backend: ProofBackend };

  constructor(dependencies: { readonly hasher: FieldHasher; readonly backend: ProofBackend }) {
    this.#dependencies = dependencies;
    this.fixture = new ChainFixture(dependencies.hasher);
  }

  addressOf(account: AccountSecrets): Field {
    const { hasher } = this.#dependencies;
    return deriveAddress(hasher, deriveNpk(hasher, account.nsk), account.viewingKey);
  }

  /** Brings `amount` from L1 into the account's public balance, through a message of the next block. */
  deposit(account: AccountSecrets, amount = funds): Promise<Tx> {
    const target = this.addressOf(account);
    const message = this.fixture.message(target, amount);
    const globalIndex = this.fixture.messageIndices.get(message.hash) ?? 0n;
    return this.#tx(
      { kind: CallKind.DEPOSIT, target, amount, message: message.hash },
      { payer: account, message: { portal: addressToField(chain.feePortal), globalIndex, secret: message.secret } },
    );
  }

  transfer(from: AccountSecrets, to: AccountSecrets, amount: bigint): Promise<Tx> {
    return this.#tx(
      { kind: CallKind.TRANSFER, target: this.addressOf(to), amount, message: ZERO_FIELD },
      { sender: from, payer: from },
    );
  }

  /** Into a note of the receiver's. */
  shield(from: AccountSecrets, to: AccountSecrets, amount: bigint): Promise<Tx> {
    const output = {
      present: true,
      value: amount,
      npk: deriveNpk(this.#dependencies.hasher, to.nsk),
      randomness: this.fixture.fresh(),
    };
    return this.#tx(
      { kind: CallKind.SHIELD, target: ZERO_FIELD, amount, message: ZERO_FIELD },
      { sender: from, payer: from, outputs: [output, absent] },
    );
  }

  withdraw(from: AccountSecrets, to: EthAddress, amount: bigint): Promise<Tx> {
    return this.#tx(
      { kind: CallKind.WITHDRAW, target: addressToField(to), amount, message: ZERO_FIELD },
      { sender: from, payer: from },
    );
  }

  async #tx(
    call: PublicCall,
    who: {
      sender?: AccountSecrets;
      payer: AccountSecrets;
      outputs?: readonly [OutputNote, OutputNote];
      message?: TransferWitness["message"];
    },
  ): Promise<Tx> {
    const { hasher, backend } = this.#dependencies;
    const dummy = (): InputNote => ({
      value: 0n,
      randomness: this.fixture.fresh(),
      firstNullifier: ZERO_FIELD,
      outputIndex: 0,
      leafIndex: 0n,
      path: noPath,
    });
    const witness: TransferWitness = {
      chainId: chain.chainId,
      rollupVersion: chain.rollupVersion,
      anchorNoteHashRoot: this.fixture.state.reference().noteHashes.root,
      expirationSlot: Slot(1_000_000),
      encryptedNotesHash: hashEncryptedNotes(hasher, NO_ENCRYPTED_NOTES),
      publicSender: who.sender === undefined ? ZERO_FIELD : this.addressOf(who.sender),
      call,
      feePayer: this.addressOf(who.payer),
      gas: {
        l2GasLimit: 20_000,
        daGasLimit: 1_000,
        l2TeardownGasLimit: 0,
        daTeardownGasLimit: 0,
        maxFees: { perL2Gas: 10_000n, perDaGas: 10_000n },
        priorityFees: { perL2Gas: 1n, perDaGas: 0n },
      },
      nsk: (who.sender ?? who.payer).nsk,
      inputs: [dummy(), dummy()],
      outputs: who.outputs ?? [absent, absent],
      sender: who.sender ?? nobody,
      payer: who.payer,
      message: who.message ?? { portal: ZERO_FIELD, globalIndex: 0n, secret: ZERO_FIELD },
    };
    const proof = await backend.prove("transfer", encodeTransferWitness(witness));
    return createTx(hasher, {
      authorization: AuthorizationKind.PROOF,
      encryptedNotes: NO_ENCRYPTED_NOTES,
      inputs: publicInputsFromFields(proof.publicInputs),
      proof: proof.bytes,
    });
  }
}
