// A chain of blocks with one public transfer each, made without waiting for slots: what L1 would publish of it, as
// events for FakeL1.
import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { BlockNumber, Field, Slot, UnixSeconds, ZERO_ADDRESS, ZERO_FIELD } from "@sprtn/primitives";
import {
  AuthorizationKind,
  CallKind,
  createTx,
  encodeEffects,
  encodeHeader,
  hashEncryptedNotes,
  hashL1ToL2Message,
  hashSecret,
  messageNullifier,
  nextBaseFees,
  NO_ENCRYPTED_NOTES,
} from "@sprtn/protocol";
import { applyGenesis, buildBlock, perTree, RollupState } from "@sprtn/state-transition";
import { buildDeployment } from "@sprtn/testing";

const ACCOUNTS = Array.from({ length: 4 }, (_, i) => Field(1000 + i));
const ANCHOR_EVERY = 32;
const gas = {
  l2GasLimit: 20_000,
  daGasLimit: 1_000,
  l2TeardownGasLimit: 0,
  daTeardownGasLimit: 0,
  maxFees: { perL2Gas: 10n ** 9n, perDaGas: 10n ** 9n },
  priorityFees: { perL2Gas: 1n, perDaGas: 0n },
};

/**
 * `length` blocks after the one in which the accounts are funded. `events` holds those of each block, messages and
 * block, in order.
 */
export function paymentsChain(hasher, length) {
  const base = buildDeployment();
  const { genesisTime, slotDuration, gasTarget, initialBaseFees } = base.parameters;
  const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher });
  const genesis = applyGenesis(state, { genesisTime, initialBaseFees });
  const deployment = { ...base, genesis: { header: genesis.header, archive: genesis.archive } };
  const chain = { chainId: base.chainId, rollupVersion: base.rollupVersion, feePortal: base.contracts.feePortal };
  const anchors = new Map([[state.reference().noteHashes.root, BlockNumber(0)]]);
  const indices = new Map();
  let unique = 1n;
  const fresh = () => hasher.hash([77n, unique++]);
  let tip = genesis;
  let anchor = state.reference().noteHashes.root;

  const tx = (call, payer, nullifier = fresh()) => {
    const inputs = {
      chainId: chain.chainId,
      rollupVersion: chain.rollupVersion,
      anchorNoteHashRoot: anchor,
      expirationSlot: Slot(2 ** 31),
      nullifiers: [nullifier, fresh()],
      noteHashes: [ZERO_FIELD, ZERO_FIELD],
    };
    const rest = {
      encryptedNotesHash: hashEncryptedNotes(hasher, NO_ENCRYPTED_NOTES),
      publicSender: payer,
      call: { message: ZERO_FIELD, ...call },
      feePayer: payer,
      feeFromNotes: 0n,
      gas,
    };
    return createTx(hasher, {
      authorization: AuthorizationKind.PROOF,
      encryptedNotes: NO_ENCRYPTED_NOTES,
      proof: new Uint8Array(8),
      inputs: { ...inputs, ...rest },
    });
  };
  const mine = (txs, messages) => {
    const { header } = tip;
    const slot = Slot(header.slot + 1);
    const environment = {
      chain,
      number: BlockNumber(header.number + 1),
      slot,
      timestamp: UnixSeconds(genesisTime + slot * slotDuration),
      coinbase: ZERO_ADDRESS,
      feeRecipient: Field(999),
      baseFees: nextBaseFees(header.baseFees, { l2: header.totalL2Gas, da: header.totalDaGas }, gasTarget),
      gasTarget,
      maxTxs: txs.length,
    };
    const { block, excluded } = buildBlock(
      {
        fork: state,
        lookups: { anchorBlock: root => anchors.get(root), messageIndex: message => indices.get(message) },
      },
      { txs, messages },
      environment,
    );
    if (excluded.length > 0) throw excluded[0].reason;
    tip = block;
    if (block.header.number % ANCHOR_EVERY === 0)
      anchors.set((anchor = state.reference().noteHashes.root), block.header.number);
    return {
      type: "block-proposed",
      number: block.header.number,
      header: encodeHeader(block.header),
      archive: block.archive,
      effects: encodeEffects(block.effects),
    };
  };

  const amount = 10n ** 24n;
  const deposits = ACCOUNTS.map((recipient, i) => {
    const secret = fresh();
    const message = { recipient, amount, globalIndex: BigInt(i), secretHash: hashSecret(hasher, secret) };
    const hash = hashL1ToL2Message(chain, message);
    indices.set(hash, message.globalIndex);
    const claim = () =>
      tx(
        { kind: CallKind.DEPOSIT, target: recipient, amount, message: hash },
        recipient,
        messageNullifier(hasher, hash, secret),
      );
    return { hash, claim, event: { type: "message-sent", blockNumber: BlockNumber(1), message, hash } };
  });
  const events = [
    [
      ...deposits.map(({ event }) => event),
      mine(
        deposits.map(({ claim }) => claim()),
        deposits.map(({ hash }) => hash),
      ),
    ],
  ];
  for (let i = 0; i < length; i++) {
    const [from, to] = [ACCOUNTS[i % 4], ACCOUNTS[(i + 1) % 4]];
    events.push([mine([tx({ kind: CallKind.TRANSFER, target: to, amount: BigInt(1 + i) }, from)], [])]);
  }
  return { deployment, events, tip };
}
