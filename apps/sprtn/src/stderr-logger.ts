import type { Logger } from "@sprtn/ports";

/** Tells a person at a terminal what an operator should look at, and nothing else. */
export const stderrLogger: Logger = {
  error: told,
  warn: told,
  info: quiet,
  verbose: quiet,
  debug: quiet,
  child: () => stderrLogger,
};

function told(message: string): void {
  process.stderr.write(`${message}\n`);
}

function quiet(): void {
  // For developers, and for the log of a node.
}
