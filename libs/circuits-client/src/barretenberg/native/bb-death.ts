import { BarretenbergError, BarretenbergErrorCode } from "../barretenberg-error.js";

interface Death {
  readonly job: string;
  readonly path: string;
  /** The last lines that it wrote. */
  readonly output: string;
}

/** Why bb could not be started. */
export function notStarted({ job, path }: Death, cause: NodeJS.ErrnoException): BarretenbergError {
  const options = { cause };
  if (cause.code === "ENOENT")
    return new BarretenbergError(
      BarretenbergErrorCode.NOT_FOUND,
      `there is no bb at ${path}: reinstall @aztec/bb.js, or give the path of its bb`,
      { job, path },
      options,
    );
  if (cause.code === "EAGAIN" || cause.code === "ENOMEM" || cause.code === "EMFILE" || cause.code === "ENFILE") {
    return new BarretenbergError(
      BarretenbergErrorCode.NOT_STARTED,
      `the system has no room to start ${path} (${cause.code}): run fewer things at a time, or raise its limits`,
      { job, path },
      options,
    );
  }
  return new BarretenbergError(
    BarretenbergErrorCode.NOT_EXECUTABLE,
    `the system does not run ${path} (${cause.code ?? cause.message}): make it executable (chmod +x), on ` +
      "a file system that allows it, and of this machine's kind",
    { job, path },
    options,
  );
}

/** Why bb ended before it answered. */
export function diedEarly(
  { job, path, output }: Death,
  exitCode: number | null,
  signal: NodeJS.Signals | null,
): BarretenbergError {
  const said = output === "" ? "" : `; its last words: ${output}`;
  if (signal === "SIGKILL") {
    return new BarretenbergError(
      BarretenbergErrorCode.KILLED,
      `bb was killed while it was to ${job}: most likely the system ran out of memory, so run fewer proofs ` +
        "at a time or give it more (a rollup proof takes up to 2.2 GB)",
      { job, path, signal, output },
    );
  }
  if (signal !== null)
    return new BarretenbergError(
      BarretenbergErrorCode.KILLED,
      `bb was ended by ${signal} while it was to ${job}${said}: try again, and report it if it happens ` +
        "with the same input",
      { job, path, signal, output },
    );
  return new BarretenbergError(
    BarretenbergErrorCode.EXITED,
    `${path} ended with code ${exitCode} instead of an answer to ${job}${said}: is it the bb that comes ` +
      "with @aztec/bb.js 5.0.0, and does it run on this system?",
    { job, path, exitCode: exitCode ?? -1, output },
  );
}
