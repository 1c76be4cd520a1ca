import { CodedError, codeOf, messageOf } from "@sprtn/primitives";
import type { Service } from "@sprtn/ports";
import { RuntimeErrorCode } from "@sprtn/runtime";

/** What a program says and hears around its service. */
interface RunHooks {
  readonly onStarted: () => void;
  readonly onStopping: (why: string) => void;
  /** When the service has ended by itself; a rejection is why, and the program's error. */
  readonly finished?: Promise<unknown> | undefined;
}

/** What every program does around its one service: start it, wait for a signal or for it to end by itself, stop it. */
export async function runUntilStopped(service: Service, hooks: RunHooks): Promise<void> {
  const controller = new AbortController();
  const stopping = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.resolve(signal));
  try {
    const started = service.start(controller.signal);
    const early = await Promise.race([started.then(() => undefined), stopping.promise]);
    if (early === undefined) hooks.onStarted();
    hooks.onStopping(early ?? (await Promise.race([stopping.promise, whyFinished(hooks) ?? stopping.promise])));
    controller.abort();
    await started.catch((error: unknown) => {
      // A start that was cut off by the stop has done what it should.
      if (early === undefined) throw error;
    });
  } finally {
    controller.abort();
    await service.stop();
  }
}

function whyFinished({ finished, onStopping }: RunHooks): Promise<string> | undefined {
  return finished?.then(
    () => "finished",
    (error: unknown) => {
      // Before the stop, which takes a while; the text comes after it.
      onStopping(codeOf(error));
      throw error;
    },
  );
}

/** Ends the process with the error's code and text, for people; of a start that failed, the code of what failed. */
export function exitWith(error: unknown): void {
  process.stderr.write(`${tellingCode(error)}: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

/** Other errors that wrap one say more than it does. */
function tellingCode(error: unknown): string {
  const code = codeOf(error);
  return code === RuntimeErrorCode.START_FAILED && error instanceof Error && error.cause instanceof CodedError
    ? tellingCode(error.cause)
    : code;
}
