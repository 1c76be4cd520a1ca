import { CodedError, codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger } from "@sprtn/ports";
import { RuntimeError, RuntimeErrorCode, withTimeout } from "@sprtn/runtime";
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
  resultPieces,
} from "./json-rpc.js";
import { readParams } from "./read-params.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import type { RpcMetrics } from "./rpc-metrics.js";
import type { ServedGroup, ServedMethod } from "./served-group.js";
import type { EncodedResult, EncodedResults } from "./pacing/encoded-results.js";
import type { Pace } from "./pacing/pace.js";
import { unitsEncoded, unitsMoved } from "./pacing/work-units.js";

/** Calls in one request, at most. */
export const MAX_BATCH = 100;

export interface DispatcherDependencies {
  readonly groups: readonly ServedGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RpcMetrics;
  readonly results: EncodedResults;
  readonly pace: Pace;
  /** Lets everything else that waits for the thread go first. */
  readonly pause: () => Promise<void>;
}

export interface DispatcherSettings {
  /** Of one request, all of its calls together. */
  readonly requestTimeoutMs: number;
  /** Limit of the results of one request together; a caller with the server's token may request more. */
  readonly maxAnswerBytes: number;
  readonly maxTrustedAnswerBytes: number;
}

/** The sender of a request. */
export interface Caller {
  /** Knows the server's token: may call guarded methods. */
  readonly trusted: boolean;
  /** Lets a call in; throws CallError RATE_LIMITED. */
  admit(): void;
  /** Puts units of work on the caller's account. */
  charge(units: number): void;
}

export interface ParsedRequest {
  readonly calls: readonly unknown[];
  readonly batch: boolean;
}

/** What is left of a request's bounds. */
interface Budget {
  bytes: number;
  readonly untilMs: number;
}

/** JSON-RPC 2.0 from text to bytes, whatever carries it. */
export class Dispatcher {
  readonly #dependencies: DispatcherDependencies;
  readonly #settings: DispatcherSettings;
  readonly #methods = new Map<string, ServedMethod>();

  /** @throws RpcError DUPLICATE_METHOD */
  constructor(dependencies: DispatcherDependencies, settings: DispatcherSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    for (const [name, method] of dependencies.groups.flatMap(group => [...group.methods])) {
      if (this.#methods.has(name))
        throw new RpcError(
          RpcErrorCode.DUPLICATE_METHOD,
          `two groups have a method ${name}: give one of them a different prefix`,
          { method: name },
        );
      this.#methods.set(name, method);
    }
  }

  /** A request's calls, or its refusal as a whole. */
  parse(body: string): ParsedRequest | { readonly refusal: string } {
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
   * The answer in pieces; none if there were notifications only. Calls of a batch run one after another, and what else
   * the process has to do comes between them; those beyond the request's time and size are not carried out and get
   * BUDGET_SPENT, those beyond the caller's rate RATE_LIMITED. Never rejects.
   */
  async run({ calls, batch }: ParsedRequest, caller: Caller): Promise<readonly Buffer[]> {
    const { maxAnswerBytes, maxTrustedAnswerBytes } = this.#settings;
    const budget: Budget = {
      bytes: caller.trusted ? maxTrustedAnswerBytes : maxAnswerBytes,
      untilMs: this.#dependencies.clock.steadyMs() + this.#settings.requestTimeoutMs,
    };
    const answers: Buffer[] = [];
    for (const [index, call] of calls.entries()) {
      if (index > 0) await this.#dependencies.pause();
      const answer = await this.#answer(call, budget, caller);
      if (answer === undefined) continue;
      if (batch) answers.push(Buffer.from(answers.length === 0 ? "[" : ","));
      answers.push(...answer);
    }
    if (batch && answers.length > 0) answers.push(Buffer.from("]"));
    return answers;
  }

  async #answer(value: unknown, budget: Budget, caller: Caller): Promise<readonly Buffer[] | undefined> {
    let call: JsonRpcCall;
    try {
      call = parseCall(value);
    } catch (error) {
      const id = (value as { id?: unknown } | null)?.id;
      return [Buffer.from(errorText(isId(id) ? id : null, errorObject(this.#asCallError("a malformed call", error))))];
    }
    const { clock, metrics } = this.#dependencies;
    const startedMs = clock.steadyMs();
    const known = this.#methods.has(call.method) ? call.method : "unknown";
    const done = (outcome: string) => metrics.called(known, outcome, clock.steadyMs() - startedMs);
    try {
      const result = await this.#call(call, budget, caller);
      done("ok");
      return call.id === undefined ? undefined : resultPieces(call.id, result.pieces);
    } catch (error) {
      const callError = this.#asCallError(call.method, error);
      done(String(callError.number));
      return call.id === undefined ? undefined : [Buffer.from(errorText(call.id, errorObject(callError)))];
    }
  }

  async #call({ method: name, params }: JsonRpcCall, budget: Budget, caller: Caller): Promise<EncodedResult> {
    const { clock, pace, results } = this.#dependencies;
    if (budget.bytes <= 0 || clock.steadyMs() >= budget.untilMs) throw spent();
    caller.admit();
    const served = this.#methods.get(name);
    const args = served === undefined || (served.guarded && !caller.trusted) ? [] : readParams(served.method, params);
    const work = 1 + (args.length === 0 ? 0 : (served?.method.work?.(args) ?? 0));
    caller.charge(work);
    if (served === undefined)
      throw new CallError(METHOD_NOT_FOUND, RpcErrorCode.UNKNOWN_METHOD, "no such method: rpc.discover lists them");
    if (served.guarded && !caller.trusted) throw unauthorized();
    const timeoutMs = budget.untilMs - clock.steadyMs();
    return withTimeout({ clock, timeoutMs, what: name }, async signal => {
      if (!caller.trusted) await pace.turn();
      if (signal.aborted) throw spent();
      pace.spend(work);
      const result = await results.encode(served.method, await served.call(args));
      caller.charge(unitsMoved(result.bytes));
      pace.spend(unitsMoved(result.bytes) + unitsEncoded(result.madeBytes));
      return this.#within(budget, result);
    });
  }

  #within(budget: Budget, result: EncodedResult): EncodedResult {
    const fits = result.bytes <= budget.bytes;
    budget.bytes = fits ? budget.bytes - result.bytes : 0;
    if (fits) return result;
    throw new CallError(
      CODED_ERROR,
      RpcErrorCode.ANSWER_TOO_LARGE,
      "the answer exceeds the size that is left for this request: ask for less at once",
    );
  }

  /** What a caller may know: coded errors with their text, nothing of any other. */
  #asCallError(what: string, error: unknown): CallError {
    if (error instanceof CallError) return error;
    if (error instanceof RuntimeError && error.code === RuntimeErrorCode.TIMEOUT && error.payload.what === what) {
      return new CallError(
        CODED_ERROR,
        RpcErrorCode.TIMEOUT,
        `no answer within the ${this.#settings.requestTimeoutMs} ms of a request: try again later, or ask for less`,
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

function spent(): CallError {
  return new CallError(
    CODED_ERROR,
    RpcErrorCode.BUDGET_SPENT,
    "not executed: the calls before it used up this request's time or size; send it in a separate request",
  );
}

function unauthorized(): CallError {
  return new CallError(
    CODED_ERROR,
    RpcErrorCode.UNAUTHORIZED,
    "only this prover node's own agents may call this method: give both the same PROVER_BROKER_TOKEN",
  );
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The text is what the caller sent: the answer says that it is not JSON.
    return undefined;
  }
}
