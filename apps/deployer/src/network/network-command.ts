import { Command, CommanderError } from "commander";
import type { Verb, VerbContext } from "@sprtn/host";
import { exitCodeOf, tell } from "./exit-codes.js";

/** What `network` can do, each loaded only when it is asked for. */
const verbs: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Verb> }>> = {
  up: { summary: "start a network, or whatever of it does not run", load: async () => (await import("./up.js")).up },
  status: { summary: "a line a node, and what is wrong", load: async () => (await import("./status.js")).status },
  down: { summary: "end every process of a network", load: async () => (await import("./down.js")).down },
  logs: { summary: "what the processes log, merged by time", load: async () => (await import("./logs.js")).logs },
  render: {
    summary: "write a network as a compose file or as Kubernetes objects",
    load: async () => (await import("./render.js")).render,
  },
};

const footer = `
Each command lists its settings with --help. Exit codes: 0 well, 1 failed, 2 wrong usage, 3 nothing runs, 4 refused
because another command works on the network, 5 timed out, 130 interrupted.`;

/** Runs `network VERB …`; the exit code. */
export async function runNetworkCommand(args: readonly string[], context: VerbContext): Promise<number> {
  let code = 0;
  // Whoever reads may have seen enough; what is under way goes on.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const program = new Command("deployer network")
    .description("Whole networks: each process by itself, all of them from one command.")
    .addHelpText("after", footer)
    .exitOverride()
    .helpCommand(false);
  for (const [name, { summary, load }] of Object.entries(verbs))
    program
      .command(name)
      .summary(summary)
      .description(summary)
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
    // It has said what is wrong; asked for help, it ends with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    tell(error);
    return exitCodeOf(error);
  }
}
