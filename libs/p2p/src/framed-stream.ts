import type { Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { plainBytes } from "@sprtn/primitives";

/** Room for a length prefix in front of the data. */
const PREFIX_BYTES = 8;

/** One length-prefixed message each way over a libp2p stream. */
export interface FramedStream {
  /**
   * @throws libp2p's errors: streamError turns them into coded ones
   */
  read(signal: AbortSignal): Promise<Uint8Array>;
  write(data: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** What arrives may take `maxReadBytes` at most: more is an error before it is buffered. */
export function framedStream(stream: Stream, maxReadBytes: number): FramedStream {
  const frames = lpStream(stream, { maxDataLength: maxReadBytes, maxBufferSize: maxReadBytes + PREFIX_BYTES });
  return {
    async read(signal) {
      return plainBytes((await frames.read({ signal })).subarray());
    },
    async write(data, signal) {
      await frames.write(data, { signal });
      await stream.close({ signal });
    },
  };
}
