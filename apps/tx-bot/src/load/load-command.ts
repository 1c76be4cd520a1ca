import { Command, CommanderError } from "commander";
import { Exit, isInterruption, type Verb, type VerbContext } from "@sprtn/host";
import { LoadError, LoadErrorCode } from "@sprtn/load";
import { NetworkError } from "@sprtn/network";
import { codeOf, messageOf } from "@sprtn/primitives";

/** The verbs of load tests, each loaded only when it is asked for. */
const verbs: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Verb> }>> = {
  run: { summary: "run a scenario and write its report", load: async () => (await import("./run.js")).run },
  compare: {
    summary: "compare two reports: what differs by more than chance",
    load: async () => (await import("./compare.js")).compare,
  },
  validate: {
    summary: "check scenarios without running them",
    load: async () => (await import("./validate.js")).validate,
  },
};

/** Whether the first argument is one of them; otherwise the program is the bot. */
export function isLoadVerb(verb: string | undefined): boolean {
  return verb !== undefined && Object.hasOwn(verbs, verb);
}

/** The exit code of a network that is not there, or does not answer. */
const NO_NETWORK = 5;

const usageCodes: ReadonlySet<string> = new Set([
  LoadErrorCode.BAD_SCENARIO,
  LoadErrorCode.BAD_REPORT,
  LoadErrorCode.NOT_COMPARABLE,
]);

/** Runs `VERB …`; the exit code. */
export async function runLoadCommand(args: readonly string[], context: VerbContext): Promise<number> {
  let code = 0;
  const program = new Command("tx-bot").exitOverride().helpCommand(false);
  for (const [name, { summary, load }] of Object.entries(verbs))
    program
      .command(name)
      .summary(summary)
      // Flags belong to the settings, which know all their names.
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (_: unknown, command: Command) => {
        code = await (await load())(command.args, context);
      });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : Exit.USAGE;
    if (isInterruption(error) || context.signal.aborted) {
      process.stderr.write("interrupted\n");
      return Exit.INTERRUPTED;
    }
    process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
    if (error instanceof LoadError && usageCodes.has(error.code)) return Exit.USAGE;
    return error instanceof NetworkError || codeOf(error).startsWith("RPC_UN") ? NO_NETWORK : Exit.FAILED;
  }
}
