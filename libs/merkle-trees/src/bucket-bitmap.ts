/** Bytes of one page of the bitmap: 2,048 buckets. */
export const BITMAP_PAGE_BYTES = 256;
const PAGE_BITS = 8 * BITMAP_PAGE_BYTES;
/**
 * Stands for every page without a mark: a young tree has little else, and looking for the bucket below steps over them
 * whole.
 */
const EMPTY = new Uint8Array(BITMAP_PAGE_BYTES);

/** Which buckets hold anything, in pages that are loaded when first asked for: 2^bits / 8 bytes at most. */
export class BucketBitmap {
  private readonly pages: (Uint8Array | undefined)[];

  /** @param load a stored page, or undefined where there is none */
  constructor(
    bits: number,
    private readonly load: (page: number) => Uint8Array | undefined = () => undefined,
  ) {
    this.pages = Array.from({ length: Math.ceil(2 ** bits / PAGE_BITS) }, () => undefined);
  }

  private page(number: number): Uint8Array {
    return (this.pages[number] ??= this.load(number)?.slice() ?? EMPTY);
  }

  /** Returns the page that changed and its bytes (a copy), or undefined if the bucket was marked already. */
  mark(bucket: number): { readonly page: number; readonly bytes: Uint8Array } | undefined {
    const page = Math.floor(bucket / PAGE_BITS);
    let bytes = this.page(page);
    const at = (bucket % PAGE_BITS) >>> 3;
    const bit = 1 << (bucket & 7);
    if (((bytes[at] as number) & bit) !== 0) return undefined;
    if (bytes === EMPTY) bytes = this.pages[page] = new Uint8Array(BITMAP_PAGE_BYTES);
    bytes[at] = (bytes[at] as number) | bit;
    return { page, bytes: bytes.slice() };
  }

  /** A page as it is stored now. */
  replace(page: number, bytes: Uint8Array): void {
    this.pages[page] = bytes.slice();
  }

  /** The greatest marked bucket ≤ `bucket`, or −1. */
  floor(bucket: number): number {
    let mask = (2 << (bucket & 7)) - 1;
    let at = (bucket % PAGE_BITS) >>> 3;
    for (let page = Math.floor(bucket / PAGE_BITS); page >= 0; page--, at = BITMAP_PAGE_BYTES - 1) {
      const bytes = this.page(page);
      if (bytes === EMPTY) {
        mask = 0xff;
        continue;
      }
      for (; at >= 0; at--, mask = 0xff) {
        const marked = (bytes[at] as number) & mask;
        if (marked !== 0) return page * PAGE_BITS + 8 * at + (31 - Math.clz32(marked));
      }
    }
    return -1;
  }
}
