import { gasOf, maxFeeOf } from "./gas.js";
import { CallKind, type TxPublicInputs } from "./tx-public-inputs.js";

/** What makes a transaction impossible in every state: spec/transactions.md "Calls" and "Gas and fees". */
export enum TxShapeCode {
  /** A call of this kind debits a public sender: name one. */
  SENDER_MISSING = "TX_SENDER_MISSING",
  /** A call of this kind has no public sender: set it to 0. */
  SENDER_NOT_ALLOWED = "TX_SENDER_NOT_ALLOWED",
  /** A call of this kind needs a target. */
  TARGET_MISSING = "TX_TARGET_MISSING",
  /** A call of this kind has no target: set it to 0. */
  TARGET_NOT_ALLOWED = "TX_TARGET_NOT_ALLOWED",
  /** The target of a withdrawal is not an Ethereum address. */
  TARGET_NOT_ETHEREUM = "TX_TARGET_NOT_ETHEREUM",
  /** A call needs an amount above 0. */
  AMOUNT_ZERO = "TX_AMOUNT_ZERO",
  /** Without a call there is no amount: set it to 0. */
  AMOUNT_NOT_ALLOWED = "TX_AMOUNT_NOT_ALLOWED",
  /** A deposit names the L1→L2 message that it consumes. */
  MESSAGE_MISSING = "TX_MESSAGE_MISSING",
  /** Only a deposit consumes a message: set it to 0. */
  MESSAGE_NOT_ALLOWED = "TX_MESSAGE_NOT_ALLOWED",
  /** A shield has dummy inputs only, so its fee cannot come out of notes. */
  FEE_PAYER_MISSING = "TX_FEE_PAYER_MISSING",
  /** feeFromNotes is neither maxFee without a fee payer nor 0 with one. */
  FEE_FROM_NOTES_WRONG = "TX_FEE_FROM_NOTES_WRONG",
  NULLIFIER_ZERO = "TX_NULLIFIER_ZERO",
  NULLIFIERS_EQUAL = "TX_NULLIFIERS_EQUAL",
  L2_GAS_LIMIT_TOO_LOW = "TX_L2_GAS_LIMIT_TOO_LOW",
  DA_GAS_LIMIT_TOO_LOW = "TX_DA_GAS_LIMIT_TOO_LOW",
}

/** One rule that a transaction breaks in every state, with what its sender should change. */
export interface TxShapeViolation {
  readonly code: TxShapeCode;
  /** What to change. */
  readonly reason: string;
}

interface CallShape {
  readonly sender: boolean;
  readonly target: boolean;
  readonly message: boolean;
}

/** Which fields a kind of call uses; the others are 0. */
const callShapes: Readonly<Record<CallKind, CallShape>> = {
  [CallKind.NONE]: { sender: false, target: false, message: false },
  [CallKind.TRANSFER]: { sender: true, target: true, message: false },
  [CallKind.SHIELD]: { sender: true, target: false, message: false },
  [CallKind.UNSHIELD]: { sender: false, target: true, message: false },
  [CallKind.DEPOSIT]: { sender: false, target: true, message: true },
  [CallKind.WITHDRAW]: { sender: true, target: true, message: false },
};

/**
 * Every rule that `inputs` breaks whatever the state is; none for a transaction that some block can include. Ranges are
 * the codec's business.
 */
export function checkTxShape(inputs: TxPublicInputs): TxShapeViolation[] {
  return [
    ...callViolations(inputs),
    ...feeViolations(inputs),
    ...nullifierViolations(inputs),
    ...gasViolations(inputs),
  ];
}

/** What a field of a call is named in errors, and the codes when it is missing or not allowed. */
interface Presence {
  readonly what: string;
  readonly missing: TxShapeCode;
  readonly notAllowed: TxShapeCode;
}

function callViolations({ call, publicSender, feePayer }: TxPublicInputs): TxShapeViolation[] {
  const shape = callShapes[call.kind];
  const kind = CallKind[call.kind].toLowerCase();
  const found: TxShapeViolation[] = [];
  const presence = (value: bigint, needed: boolean, { what, missing, notAllowed }: Presence) => {
    if (needed && value === 0n) found.push({ code: missing, reason: `a call of kind ${kind} needs ${what}` });
    if (!needed && value !== 0n)
      found.push({
        code: notAllowed,
        reason: `a call of kind ${kind} has no ${what.replace(/^an? /, "").replace(/ above 0$/, "")}: set it to 0`,
      });
  };
  presence(publicSender, shape.sender, {
    what: "a public sender",
    missing: TxShapeCode.SENDER_MISSING,
    notAllowed: TxShapeCode.SENDER_NOT_ALLOWED,
  });
  presence(call.target, shape.target, {
    what: "a target",
    missing: TxShapeCode.TARGET_MISSING,
    notAllowed: TxShapeCode.TARGET_NOT_ALLOWED,
  });
  presence(call.message, shape.message, {
    what: "an L1→L2 message",
    missing: TxShapeCode.MESSAGE_MISSING,
    notAllowed: TxShapeCode.MESSAGE_NOT_ALLOWED,
  });
  presence(call.amount, call.kind !== CallKind.NONE, {
    what: "an amount above 0",
    missing: TxShapeCode.AMOUNT_ZERO,
    notAllowed: TxShapeCode.AMOUNT_NOT_ALLOWED,
  });
  if (call.kind === CallKind.WITHDRAW && call.target >> 160n !== 0n) {
    found.push({
      code: TxShapeCode.TARGET_NOT_ETHEREUM,
      reason: "the target of a withdraw is an Ethereum address: give one of 20 bytes",
    });
  }
  if (call.kind === CallKind.SHIELD && feePayer === 0n) {
    found.push({ code: TxShapeCode.FEE_PAYER_MISSING, reason: "a shield spends no notes: name a fee payer" });
  }
  return found;
}

/** feePayer = 0 ⇒ feeFromNotes = maxFee, else 0. */
function feeViolations({ feePayer, feeFromNotes, gas }: TxPublicInputs): TxShapeViolation[] {
  const due = feePayer === 0n ? maxFeeOf(gas) : 0n;
  return feeFromNotes === due
    ? []
    : [
        {
          code: TxShapeCode.FEE_FROM_NOTES_WRONG,
          reason: `the fee from notes is ${feeFromNotes} wei: it must be ${due}`,
        },
      ];
}

/** INV-4 within the transaction; 0 is not a key of an indexed tree. */
function nullifierViolations({ nullifiers }: TxPublicInputs): TxShapeViolation[] {
  if (nullifiers.includes(0n as (typeof nullifiers)[0]))
    return [{ code: TxShapeCode.NULLIFIER_ZERO, reason: "a nullifier is 0: dummy inputs have nullifiers too" }];
  return nullifiers[0] === nullifiers[1]
    ? [{ code: TxShapeCode.NULLIFIERS_EQUAL, reason: "both nullifiers are the same: spend two different notes" }]
    : [];
}

/** TX-2: l2Gas ≤ l2GasLimit, daGas ≤ daGasLimit. */
function gasViolations(inputs: TxPublicInputs): TxShapeViolation[] {
  const used = gasOf(inputs);
  const { l2GasLimit, daGasLimit } = inputs.gas;
  const found: TxShapeViolation[] = [];
  if (used.l2 > BigInt(l2GasLimit))
    found.push({
      code: TxShapeCode.L2_GAS_LIMIT_TOO_LOW,
      reason: `it uses ${used.l2} L2 gas, its limit is ${l2GasLimit}: raise the limit`,
    });
  if (used.da > BigInt(daGasLimit))
    found.push({
      code: TxShapeCode.DA_GAS_LIMIT_TOO_LOW,
      reason: `it uses ${used.da} DA gas, its limit is ${daGasLimit}: raise the limit`,
    });
  return found;
}
