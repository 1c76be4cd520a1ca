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
      `the system has no resources left to start ${path} (${cause.code}): run fewer programs at a time, or raise ` +
        "its limits",
      { job, path },
      options,
    );
  }
  return new BarretenbergError(
    BarretenbergErrorCode.NOT_EXECUTABLE,
    `the system cannot run ${path} (${cause.code ?? cause.message}): make it executable (chmod +x), on a file ` +
      "system that allows execution, and check that it was built for this platform",
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
  const said = output === "" ? "" : `; its last output: ${output}`;
  if (signal === "SIGKILL") {
    return new BarretenbergError(
      BarretenbergErrorCode.KILLED,
      `bb was killed while trying to ${job}: most likely the system ran out of memory, so run fewer proofs at a ` +
        "time or give it more (a rollup proof takes up to 2.2 GB)",
      { job, path, signal, output },
    );
  }
  if (signal !== null)
    return new BarretenbergError(
      BarretenbergErrorCode.KILLED,
      `bb was terminated by ${signal} while trying to ${job}${said}: try again, and report it if it happens with ` +
        "the same input",
      { job, path, signal, output },
    );
  return new BarretenbergError(
    BarretenbergErrorCode.EXITED,
    `${path} exited with code ${exitCode} when asked to ${job}${said}: check that it is the bb that comes with ` +
      "@aztec/bb.js 5.0.0 and that it runs on this system",
    { job, path, exitCode: exitCode ?? -1, output },
  );
}
