import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** Answers up to here are sent as one; others piece by piece, as fast as they are read. */
const ONE_WRITE_BYTES = 256 * 1024;

/** Sends JSON that is in pieces, without a copy of a large one. */
export function sendPieces(reply: FastifyReply, pieces: readonly Buffer[]): FastifyReply {
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  reply.type("application/json; charset=utf-8").header("content-length", bytes);
  if (bytes <= ONE_WRITE_BYTES) return reply.send(Buffer.concat(pieces));
  return reply.send(Readable.from(chunks(pieces), { objectMode: false }));
}

/** Pieces put together to chunks of a good size. */
function* chunks(pieces: readonly Buffer[]): Generator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    gathered.push(piece);
    bytes += piece.length;
    if (bytes < ONE_WRITE_BYTES / 4) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}
