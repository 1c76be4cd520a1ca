import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { errorObject, errorText } from "../json-rpc.js";
import { type Refusal, refusals } from "./refusals.js";

/** Answers what never became a request, or not in time, and closes its connection. */
export function answerUnreadable(error: { readonly code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== "ECONNRESET") {
    const { status, error: told } = refusalFor(error.code);
    const body = errorText(null, errorObject(told));
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

function refusalFor(code: string | undefined): Refusal {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return refusals.tooSlow();
  return code === "HPE_HEADER_OVERFLOW" ? refusals.headersTooLarge() : refusals.notUnderstood(400);
}
