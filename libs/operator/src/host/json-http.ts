import { messageOf } from "@sprtn/primitives";
import { bytesWithin } from "@sprtn/runtime";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import type { RpcCall } from "./operator-host.js";

/** A node's page state is below 1 MiB; an L1 answers with less. */
const MAX_BYTES = 8 * 2 ** 20;

/** GET of a JSON document; `undefined`: nobody answered in time, or with something else. */
export async function getJson(
  url: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: await jsonOf(response) };
  } catch {
    return undefined;
  }
}

/** JSON-RPC, in one request. @throws UNREACHABLE, BAD_ANSWER, REFUSED; never with the URL's path or credentials */
export async function callJsonRpc(
  url: string,
  calls: readonly RpcCall[],
  timeoutMs: number,
): Promise<readonly unknown[]> {
  const { target, authorization, shown } = readUrl(url);
  const requests = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
  let answer: unknown;
  try {
    const response = await fetch(target, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify(requests.length === 1 ? requests[0] : requests),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = await jsonOf(response);
  } catch (cause) {
    const malformed = cause instanceof SyntaxError;
    throw new OperatorError(
      malformed ? OperatorErrorCode.BAD_ANSWER : OperatorErrorCode.UNREACHABLE,
      malformed
        ? `${shown} answers, but not with JSON: give the URL of a JSON-RPC endpoint`
        : `${shown} does not answer (${reasonOf(cause)}): check the address, and that it can be reached from here`,
      { url: shown },
      { cause },
    );
  }
  const answers = Array.isArray(answer) ? answer : [answer];
  return calls.map(({ method }, id) => resultOf(answers, { id, method, shown }));
}

function resultOf(
  answers: readonly unknown[],
  { id, method, shown }: { readonly id: number; readonly method: string; readonly shown: string },
): unknown {
  const found = answers.find(each => isRecord(each) && each.id === id);
  const only = answers.length === 1 ? answers[0] : undefined;
  const answer = found ?? only;
  if (isRecord(answer) && "result" in answer) return answer.result;
  if (isRecord(answer) && isRecord(answer.error))
    throw new OperatorError(
      OperatorErrorCode.REFUSED,
      `${shown} answers ${method} with an error (${String(answer.error.message).slice(0, 300)}): mend the cause, or ` +
        "give another endpoint",
      { url: shown },
    );
  throw new OperatorError(
    OperatorErrorCode.BAD_ANSWER,
    `${shown} answers ${method} with something else than JSON-RPC: give the URL of a JSON-RPC endpoint`,
    { url: shown },
  );
}

/** Whether it has named values. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function jsonOf(response: Response): Promise<unknown> {
  const bytes = await bytesWithin(response.body, MAX_BYTES);
  if (bytes === undefined) throw new SyntaxError("too long");
  return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
}

/** fetch refuses URLs with credentials: they travel in a header. */
function readUrl(text: string): { target: string; authorization: string | undefined; shown: string } {
  const url = new URL(text);
  const { username, password, protocol, host } = url;
  url.username = "";
  url.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    target: url.href,
    authorization: credentials === ":" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
    shown: `${protocol}//${host}`,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "not in time";
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error && "code" in cause ? String(cause.code) : messageOf(error);
}
