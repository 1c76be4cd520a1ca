import { isInterruption, type Verb, type VerbContext } from "@sprtn/host";
import { codeOf, messageOf } from "@sprtn/primitives";
import { Command, CommanderError } from "commander";

interface ListedVerb {
  readonly summary: string;
  /** Only the verb that is asked for is loaded. */
  readonly load: () => Promise<Verb>;
}

const verbs: Readonly<Record<string, ListedVerb>> = {
  config: {
    summary: "set a node up: writes its .env, a docker-compose.yml and a systemd unit",
    load: async () => (await import("./verbs/config.js")).config,
  },
  start: {
    summary: "start the node, and start it again if it crashes",
    load: async () => (await import("./verbs/start.js")).start,
  },
  stop: { summary: "end the node", load: async () => (await import("./verbs/stop.js")).stop },
  restart: {
    summary: "end the node, and start it again",
    load: async () => (await import("./verbs/start.js")).restart,
  },
  logs: { summary: "what the node logs", load: async () => (await import("./verbs/logs.js")).logs },
  status: {
    summary: "what the node does, and what is wrong",
    load: async () => (await import("./verbs/status.js")).status,
  },
  doctor: {
    summary: "examine the node, and all that it needs",
    load: async () => (await import("./verbs/doctor.js")).doctor,
  },
};

/** Verbs with verbs of their own. */
const groups: Readonly<
  Record<string, { readonly summary: string; readonly verbs: Readonly<Record<string, ListedVerb>> }>
> = {
  keys: {
    summary: "make, copy and list L1 keys",
    verbs: {
      new: { summary: "make a key", load: async () => (await import("./verbs/keys.js")).make },
      import: { summary: "copy a key from a file", load: async () => (await import("./verbs/keys.js")).take },
      list: { summary: "list the keys", load: async () => (await import("./verbs/keys.js")).list },
    },
  },
  validator: {
    summary: "stake, exit and withdraw",
    verbs: {
      status: { summary: "what L1 knows of it", load: async () => (await import("./verbs/validator.js")).status },
      stake: { summary: "stake for it", load: async () => (await import("./verbs/validator.js")).stake },
      exit: { summary: "leave the validator set", load: async () => (await import("./verbs/validator.js")).exit },
      withdraw: { summary: "get the stake back", load: async () => (await import("./verbs/validator.js")).withdraw },
    },
  },
  teocalli: {
    summary: "propose, show, sign and execute commands of the multisig",
    verbs: {
      propose: { summary: "write a command", load: async () => (await import("./verbs/teocalli.js")).propose },
      show: { summary: "what a command does", load: async () => (await import("./verbs/teocalli.js")).show },
      sign: { summary: "sign a command", load: async () => (await import("./verbs/teocalli.js")).sign },
      execute: { summary: "send a signed command", load: async () => (await import("./verbs/teocalli.js")).execute },
    },
  },
  "slashing-protection": {
    summary: "move the record of what the node's keys have signed",
    verbs: {
      export: {
        summary: "write it to a file",
        load: async () => (await import("./verbs/slashing-protection.js")).exportRecord,
      },
      import: {
        summary: "take it over from a file",
        load: async () => (await import("./verbs/slashing-protection.js")).importRecord,
      },
    },
  },
  rewards: {
    summary: "what was earned",
    verbs: {
      show: { summary: "what was earned and not taken", load: async () => (await import("./verbs/rewards.js")).show },
      claim: { summary: "have it paid", load: async () => (await import("./verbs/rewards.js")).claim },
    },
  },
};

const footer = `
In a directory of the node's own: sprtn config, sprtn start, sprtn status. Each verb lists its flags with --help.
Exit codes: 0 well, 1 failed, 2 wrong usage or settings, 3 not reachable or not running, 4 refused for safety,
5 timed out, 130 interrupted.`;

/** Runs `sprtn VERB …`; the exit code. */
export async function runSprtn(args: readonly string[], context: VerbContext): Promise<number> {
  let code = 0;
  const program = new Command("sprtn")
    .description("Sets up, runs, watches and examines a node.")
    .version(context.version)
    .addHelpText("after", footer)
    .exitOverride()
    .helpCommand(false);
  const add = (parent: Command, listed: Readonly<Record<string, ListedVerb>>) => {
    for (const [name, { summary, load }] of Object.entries(listed))
      parent
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
  };
  add(program, verbs);
  for (const [name, { summary, verbs: inner }] of Object.entries(groups))
    add(program.command(name).summary(summary).description(summary).helpCommand(false), inner);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // It has said what is wrong; asked for help, it ends with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { exitCodeOf } = await import("@sprtn/operator");
    process.stderr.write(isInterruption(error) ? "interrupted\n" : `${codeOf(error)}: ${messageOf(error)}\n`);
    return exitCodeOf(error);
  }
}
