import { getBytes, hexlify } from "ethers";

/** `data` with the byte at `index` changed, whatever it was: a constant in its place may be what is there. */
export function withOtherByte(data: string, index: number): string {
  const bytes = getBytes(data);
  return hexlify(bytes.with(index, bytes[index]! ^ 1));
}
