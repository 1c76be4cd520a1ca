import { BBApiException } from "@aztec/bb.js";
import { CodedError, messageOf } from "@sprtn/primitives";
import { BarretenbergError, BarretenbergErrorCode, crsTooSmall } from "./barretenberg-error.js";

const foreign = /^Expected variant name/;
const noMemory = /bad_alloc|out of memory/i;
/** Natively, bb goes to the network for points that are not in its folder; in WebAssembly it gives up. */
const noPoints = /^HTTP request failed|too many points in \w*CrsFactory/;

/** Whether Barretenberg's refusal is about where it runs, not about what it was given. */
export function isFailureOfMachine(error: BBApiException): boolean {
  return [foreign, noMemory, noPoints].some(pattern => pattern.test(error.message));
}

/** What was thrown by a call to Barretenberg, as an error of this package's. */
export function refusalOf(job: string, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const [output, options] = [messageOf(error).replaceAll(/\s*\n\s*/g, "; "), { cause: error }];
  if (noPoints.test(output)) return crsTooSmall({}, options);
  if (noMemory.test(output))
    return new BarretenbergError(
      BarretenbergErrorCode.OUT_OF_MEMORY,
      `out of memory while trying to ${job}: run fewer proofs at a time, or add memory (a rollup proof takes up to ` +
        "2.2 GB)",
      { job, output },
      options,
    );
  if (!(error instanceof BBApiException) || foreign.test(output))
    return new BarretenbergError(
      BarretenbergErrorCode.BAD_ANSWER,
      `bb gave no valid answer when asked to ${job}: check that it is the bb that comes with @aztec/bb.js 5.0.0`,
      { job, output },
      options,
    );
  return new BarretenbergError(
    BarretenbergErrorCode.REFUSED,
    `bb refused to ${job}: ${output}; check that the bytecode, witness and key belong to the same circuit and were ` +
      "made for @aztec/bb.js 5.0.0",
    { job, output },
    options,
  );
}
