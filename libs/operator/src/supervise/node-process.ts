import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { IdentityReader } from "@sprtn/host";
import type { SupervisedNode } from "./supervise.js";

/** The program, where it runs, and who hears what it says. */
export interface NodeProcessOptions {
  readonly main: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Writable;
}

/** Starts the node in its folder, where it reads its own `.env`. */
export async function startNode(identities: IdentityReader, options: NodeProcessOptions): Promise<SupervisedNode> {
  const { main, directory, environment, output } = options;
  const child = spawn(process.execPath, ["--enable-source-maps", main], {
    cwd: directory,
    env: environment,
    // A session of its own: what has to be killed takes its own children along.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  await once(child, "spawn");
  const pid = child.pid as number;
  return {
    // One that has ended already is told from every other by its number and no start.
    identity: (await identities.identityOf(pid)) ?? { pid, started: "never seen", boot: "" },
    ended: ended.then(([code, signal]) => ({ code, signal })),
    terminate: () => child.kill("SIGTERM"),
  };
}
