import { ProverError, ProverErrorCode } from "../prover-error.js";

/** Host and port of a Redis URL, as logs may show them. @throws ProverError QUEUE_BAD_URL, without the URL */
export function hostOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.host === "")
    throw bad("the URL of the proof queue is not one of a Redis: give PROVER_QUEUE_URL as redis://host:6379");
  try {
    // As the Redis client will.
    decodeURIComponent(url.username);
    decodeURIComponent(url.password);
  } catch {
    throw bad(
      `the user name or password of the Redis at ${url.host} has a % by itself: write %25 for it in PROVER_QUEUE_URL`,
    );
  }
  return url.host;
}

function bad(text: string): ProverError {
  return new ProverError(ProverErrorCode.QUEUE_BAD_URL, text);
}
