import { messageOf } from "@sprtn/primitives";
import { bytesWithin } from "@sprtn/runtime";
import * as z from "zod/mini";
import { type AnyMethod, type AsyncApi, type MethodGroup, wireMethods } from "./method-group.js";
import { requireNodeUrl } from "./node-url.js";
import { issuesText } from "./read-params.js";
import { RemoteError, RpcError, RpcErrorCode, type RpcErrorPayload, uncertainty } from "./rpc-error.js";

/** How a node is asked: with which fetch, token and patience. */
export interface RpcClientOptions {
  readonly fetch?: typeof fetch;
  /** Shown to the server, for methods that need it: PROVER_BROKER_TOKEN for those of a broker. */
  readonly token?: string;
  /** Of one call; 30 s by default. */
  readonly timeoutMs?: number;
}

/** LIMIT-35: bytes of an answer; a node sends less. */
export const MAX_READ_BYTES = 16 * 1024 * 1024;

const answerSchema = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.int(), z.null()]),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ code: z.int(), message: z.string(), data: z.optional(z.object({ code: z.string() })) })),
});

const codeOfNumber = new Map([
  [-32700, RpcErrorCode.PARSE_ERROR],
  [-32600, RpcErrorCode.INVALID_REQUEST],
  [-32601, RpcErrorCode.UNKNOWN_METHOD],
  [-32602, RpcErrorCode.INVALID_PARAMS],
]);

/** What fails before anything is sent, as Node names it; a browser does not tell. */
const notConnected: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * A group's interface, carried out by the node at `url`. Each method throws RpcError (UNREACHABLE, NO_ANSWER, TIMEOUT,
 * BAD_ANSWER, INVALID_PARAMS), or RemoteError with the node's own code.
 * @throws RpcError BAD_URL
 */
export function createRpcClient<Api extends AsyncApi<Api>>(
  group: MethodGroup<Api>,
  url: string,
  options: RpcClientOptions = {},
): Api {
  requireNodeUrl(url);
  const connection = new Connection(url, options);
  const methods = [...wireMethods(group)].map(([wire, { name, method }]) => [
    name,
    (...args: readonly unknown[]) => connection.call(wire, method, args),
  ]);
  return Object.fromEntries(methods) as Api;
}

class Connection {
  readonly #url: string;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  #nextId = 1;

  constructor(url: string, options: RpcClientOptions) {
    this.#url = url;
    this.#fetch = options.fetch ?? ((...args) => fetch(...args));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    const { token } = options;
    this.#headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  async call(wire: string, method: AnyMethod, args: readonly unknown[]): Promise<unknown> {
    const params = method.params.map(({ name, schema }, index) => {
      const encoded = z.safeEncode(schema, args[index]);
      if (encoded.success) return encoded.data;
      throw new RpcError(
        RpcErrorCode.INVALID_PARAMS,
        `${wire}: wrong parameters: ${issuesText(name, encoded.error)}`,
        this.#about(wire, RpcErrorCode.INVALID_PARAMS),
      );
    });
    const id = this.#nextId++;
    const answer = answerSchema.safeParse(
      await this.#post(wire, JSON.stringify({ jsonrpc: "2.0", id, method: wire, params })),
    );
    if (!answer.success) throw this.#badAnswer(wire, "it is not a JSON-RPC 2.0 response");
    const { error, result } = answer.data;
    if (error) {
      const code = error.data?.code ?? codeOfNumber.get(error.code) ?? RpcErrorCode.INTERNAL;
      // A node's errors have codes: what has none is something else. Neither knows who was to be asked.
      const text =
        error.data === undefined || code === RpcErrorCode.UNKNOWN_METHOD
          ? `${this.#url} refused ${wire} (${error.message}): check that it is the URL of a node of this release, in ` +
            "the role that answers this"
          : error.message;
      throw new RemoteError(code, text, this.#about(wire, code));
    }
    if (answer.data.id !== id) throw this.#badAnswer(wire, "it answers another call");
    const decoded = z.safeDecode(method.result, result);
    if (!decoded.success) throw this.#badAnswer(wire, issuesText("result", decoded.error));
    return decoded.data;
  }

  /** The body's JSON; `undefined` if it is none. */
  async #post(wire: string, body: string): Promise<unknown> {
    const post = async () => {
      const response = await this.#fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return { status: response.status, bytes: await bytesWithin(response.body, MAX_READ_BYTES) };
    };
    const { status, bytes } = await post().catch((cause: unknown) => {
      throw this.#unreachable(wire, cause);
    });
    if (bytes === undefined) throw this.#badAnswer(wire, `HTTP status ${status}, more than ${MAX_READ_BYTES} bytes`);
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw this.#badAnswer(wire, `HTTP status ${status}, not JSON`, cause);
    }
  }

  #unreachable(wire: string, cause: unknown): RpcError {
    if (cause instanceof Error && cause.name === "TimeoutError") {
      return new RpcError(
        RpcErrorCode.TIMEOUT,
        `${this.#url} did not answer ${wire} within ${this.#timeoutMs} ms: try again later`,
        this.#about(wire, RpcErrorCode.TIMEOUT),
        { cause },
      );
    }
    const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
    const { code } = (cause instanceof Error ? (cause.cause ?? {}) : {}) as { readonly code?: unknown };
    // Some ports fetch itself refuses.
    if (!notConnected.has(code) && reason !== "bad port")
      return new RpcError(
        RpcErrorCode.NO_ANSWER,
        `${this.#url} gave no answer to ${wire} (${reason}): check that the node is running and accepts your ` +
          "requests; it may have executed the call, so check before you repeat it",
        this.#about(wire, RpcErrorCode.NO_ANSWER),
        { cause },
      );
    return new RpcError(
      RpcErrorCode.UNREACHABLE,
      `no node answers at ${this.#url} (${reason}): check that the URL is correct, that the node is running, and ` +
        "that its RPC_HOST is reachable from here",
      this.#about(wire, RpcErrorCode.UNREACHABLE),
      { cause },
    );
  }

  #badAnswer(wire: string, what: string, cause?: unknown): RpcError {
    return new RpcError(
      RpcErrorCode.BAD_ANSWER,
      `${this.#url} answered ${wire} with an unusable response (${what}): check that it is a node of this release`,
      this.#about(wire, RpcErrorCode.BAD_ANSWER),
      { cause },
    );
  }

  #about(method: string, code: string): RpcErrorPayload {
    return { method, url: this.#url, ...uncertainty(code) };
  }
}
