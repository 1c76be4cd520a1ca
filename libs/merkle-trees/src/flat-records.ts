/** Records of one size by index, dense from 0, in flat chunks: no object a record, no copying when it grows. */
export class FlatRecords {
  private readonly chunks: (Uint8Array | undefined)[] = [];

  /** @param recordBytes size of one record; @param chunkRecords records in a chunk */
  constructor(
    private readonly recordBytes: number,
    private readonly chunkRecords = 256,
  ) {}

  /** The record's bytes in place, or undefined in a chunk never written to. */
  view(index: number): Uint8Array | undefined {
    const chunk = this.chunks[Math.floor(index / this.chunkRecords)];
    const offset = (index % this.chunkRecords) * this.recordBytes;
    return chunk?.subarray(offset, offset + this.recordBytes);
  }

  /** Copies a record; false if it is all zero or was never written. */
  read(index: number, target: Uint8Array, offset: number): boolean {
    const chunk = this.chunks[Math.floor(index / this.chunkRecords)];
    if (chunk === undefined) return false;
    const from = (index % this.chunkRecords) * this.recordBytes;
    let any = 0;
    for (let i = 0; i < this.recordBytes; i++) any |= chunk[from + i] as number;
    if (any === 0) return false;
    for (let i = 0; i < this.recordBytes; i++) target[offset + i] = chunk[from + i] as number;
    return true;
  }

  /** Writes consecutive records from `index` on. */
  write(index: number, records: Uint8Array): void {
    let at = index;
    for (let offset = 0; offset < records.length;) {
      const number = Math.floor(at / this.chunkRecords);
      const first = at % this.chunkRecords;
      const length = Math.min(records.length - offset, (this.chunkRecords - first) * this.recordBytes);
      const chunk = (this.chunks[number] ??= new Uint8Array(this.chunkRecords * this.recordBytes));
      chunk.set(records.subarray(offset, offset + length), first * this.recordBytes);
      offset += length;
      at += length / this.recordBytes;
    }
  }
}
