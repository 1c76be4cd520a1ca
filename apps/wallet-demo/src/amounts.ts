const AZT = 10n ** 18n;

/** Wei of L2-AZT or of ether as people read them: "1.5", all digits that there are. */
export function shown(wei: bigint): string {
  const digits = (wei < 0n ? -wei : wei).toString().padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return `${wei < 0n ? "-" : ""}${digits.slice(0, -18)}${fraction && `.${fraction}`}`;
}

export function azt(wei: bigint): string {
  return `${shown(wei)} AZT`;
}

/** What must hold for every step to be payable. */
export interface Amounts {
  readonly deposit: bigint;
  readonly shield: bigint;
  readonly payment: bigint;
  readonly unshield: bigint;
  readonly withdrawal: bigint;
}

/** Left for the fees of one step; they are far smaller unless the network is full. */
const FEE_ROOM = AZT / 10n;

/** The first pair of amounts that leaves too little for fees; `undefined` if all fit. */
export function shortfall(amounts: Amounts): string | undefined {
  const order = ["deposit", "shield", "payment", "unshield", "withdrawal"] as const;
  for (const [i, name] of order.entries()) {
    const next = order[i + 1];
    if (next !== undefined && amounts[next] + FEE_ROOM > amounts[name])
      return (
        `DEMO_${next.toUpperCase()} must be at least ${azt(FEE_ROOM)} below DEMO_${name.toUpperCase()}: the fee ` +
        "comes out of the difference"
      );
  }
  return amounts.withdrawal === 0n ? "DEMO_WITHDRAWAL must be above 0" : undefined;
}
