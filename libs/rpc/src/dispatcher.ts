import { CodedError, codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger } from "@sprtn/ports";
import { RuntimeError, RuntimeErrorCode, withTimeout } from "@sprtn/runtime";
import * as z from "zod/mini";
import {
  CallError,
  CODED_ERROR,
  errorObject,
  errorText,
  INTERNAL_ERROR,
  invalid,
  isId,
  type JsonRpcCall,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  parseCall,
  resultText,
} from "./json-rpc.js";
import { type AnyMethod, type AsyncApi, type MethodGroup, wireMethods } from "./method-group.js";
import { readParams } from "./read-params.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import type { RpcMetrics } from "./rpc-metrics.js";

export const MAX_BATCH = 100;
/** Of one HTTP answer: beyond it a caller must ask for less at once. */
export const MAX_ANSWER_CHARS = 64 * 1024 * 1024;

/** A group of methods and what carries them out; {@link serveGroup} makes one. */
export interface ServedGroup {
  readonly methods: ReadonlyMap<string, ServedMethod>;
}

interface ServedMethod {
  readonly method: AnyMethod;
  readonly call: (args: readonly unknown[]) => Promise<unknown>;
}

/** Binds a group's schema to its implementation. */
export function serveGroup<Api extends AsyncApi<Api>>(group: MethodGroup<Api>, api: Api): ServedGroup {
  const entries = [...wireMethods(group)].map(([wire, { name, method }]) => {
    const call = (args: readonly unknown[]) =>
      (api[name] as unknown as (...values: readonly unknown[]) => Promise<unknown>).apply(api, [...args]);
    return [wire, { method, call }] as const;
  });
  return { methods: new Map(entries) };
}

export interface DispatcherDependencies {
  readonly groups: readonly ServedGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RpcMetrics;
}

export interface DispatcherSettings {
  /** Of one call. */
  readonly requestTimeoutMs: number;
  /** Of the results of one request together. */
  readonly maxAnswerChars: number;
}

/** JSON-RPC 2.0 from text to text, whatever carries it. */
export class Dispatcher {
  readonly #dependencies: DispatcherDependencies;
  readonly #settings: DispatcherSettings;
  readonly #methods = new Map<string, ServedMethod>();

  /** Throws RpcError DUPLICATE_METHOD. */
  constructor(dependencies: DispatcherDependencies, settings: DispatcherSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    for (const [name, method] of dependencies.groups.flatMap(group => [...group.methods])) {
      if (this.#methods.has(name))
        throw new RpcError(RpcErrorCode.DUPLICATE_METHOD, `two groups have a method ${name}: give one another prefix`, {
          method: name,
        });
      this.#methods.set(name, method);
    }
  }

  /** A request's calls, or its refusal as a whole. */
  parse(body: string): { readonly calls: readonly unknown[]; readonly batch: boolean } | { readonly refusal: string } {
    const parsed = parseJson(body);
    if (!parsed)
      return {
        refusal: errorText(
          null,
          errorObject(new CallError(PARSE_ERROR, RpcErrorCode.PARSE_ERROR, "the body is not JSON")),
        ),
      };
    if (!Array.isArray(parsed.value)) return { calls: [parsed.value], batch: false };
    if (parsed.value.length === 0) return { refusal: errorText(null, errorObject(invalid("the batch is empty"))) };
    if (parsed.value.length > MAX_BATCH)
      return {
        refusal: errorText(
          null,
          errorObject(invalid(`the batch has ${parsed.value.length} calls: send ${MAX_BATCH} at most`)),
        ),
      };
    return { calls: parsed.value, batch: true };
  }

  /**
   * The answer; `undefined` if there were notifications only. Calls of a batch run one after another. Never rejects.
   */
  async run({
    calls,
    batch,
  }: {
    readonly calls: readonly unknown[];
    readonly batch: boolean;
  }): Promise<string | undefined> {
    const answers: string[] = [];
    const budget = { chars: this.#settings.maxAnswerChars };
    for (const call of calls) {
      const answer = await this.#answer(call, budget);
      if (answer !== undefined) answers.push(answer);
    }
    if (answers.length === 0) return undefined;
    return batch ? `[${answers.join(",")}]` : answers[0];
  }

  async #answer(value: unknown, budget: { chars: number }): Promise<string | undefined> {
    let call: JsonRpcCall;
    try {
      call = parseCall(value);
    } catch (error) {
      const id = (value as { id?: unknown } | null)?.id;
      return errorText(isId(id) ? id : null, errorObject(this.#asCallError("a malformed call", error)));
    }
    const startedMs = this.#dependencies.clock.nowMs();
    const known = this.#methods.has(call.method) ? call.method : "unknown";
    const done = (outcome: string) =>
      this.#dependencies.metrics.called(known, outcome, this.#dependencies.clock.nowMs() - startedMs);
    try {
      const result = await this.#call(call);
      if (result.length > budget.chars)
        throw new CallError(
          CODED_ERROR,
          RpcErrorCode.ANSWER_TOO_LARGE,
          `the answer is beyond ${this.#settings.maxAnswerChars} characters: ask for less at once`,
        );
      budget.chars -= result.length;
      done("ok");
      return call.id === undefined ? undefined : resultText(call.id, result);
    } catch (error) {
      const callError = this.#asCallError(call.method, error);
      done(String(callError.number));
      return call.id === undefined ? undefined : errorText(call.id, errorObject(callError));
    }
  }

  /** The result as JSON text. */
  async #call({ method: name, params }: JsonRpcCall): Promise<string> {
    const served = this.#methods.get(name);
    if (!served)
      throw new CallError(METHOD_NOT_FOUND, RpcErrorCode.UNKNOWN_METHOD, "no such method: rpc.discover lists them");
    const args = readParams(served.method, params);
    const result = await withTimeout(
      { clock: this.#dependencies.clock, timeoutMs: this.#settings.requestTimeoutMs, what: name },
      () => served.call(args),
    );
    return JSON.stringify(z.encode(served.method.result, result));
  }

  /** What a caller may know: coded errors with their text, nothing of any other. */
  #asCallError(what: string, error: unknown): CallError {
    if (error instanceof CallError) return error;
    if (error instanceof RuntimeError && error.code === RuntimeErrorCode.TIMEOUT && error.payload.what === what) {
      return new CallError(
        CODED_ERROR,
        RpcErrorCode.TIMEOUT,
        `no answer within ${this.#settings.requestTimeoutMs} ms: try again later`,
      );
    }
    if (error instanceof CodedError) return new CallError(CODED_ERROR, error.code, error.message);
    this.#dependencies.logger.error("an RPC method failed unexpectedly", {
      method: what,
      code: codeOf(error),
      error: messageOf(error),
    });
    return new CallError(INTERNAL_ERROR, RpcErrorCode.INTERNAL, "internal error: see the node's log");
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The text is what the caller sent: he is told that it is not JSON.
    return undefined;
  }
}
