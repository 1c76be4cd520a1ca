const WEI_PER_MILLIONTH = 10n ** 12n;

/** Wei as ether with at most six digits after the point, rounded down. */
export function formatEther(wei: bigint): string {
  const millionths = (wei / WEI_PER_MILLIONTH).toString().padStart(7, "0");
  const fraction = millionths.slice(-6).replace(/0+$/, "");
  return `${millionths.slice(0, -6)}${fraction === "" ? "" : `.${fraction}`}`;
}
