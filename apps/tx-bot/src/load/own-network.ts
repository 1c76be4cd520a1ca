import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Scenario } from "@sprtn/load";
import { bringUp, takeDown, workspaceHost } from "@sprtn/network";
import { Seconds } from "@sprtn/primitives";
import { apps } from "./load-target.js";

const READY_MS = 300_000;
const END_MS = 45_000;

/** A network of a scenario's own. */
export interface OwnNetwork {
  readonly directory: string;
  /** Ends it and deletes its folder. */
  close(): Promise<void>;
}

/** Starts the network that a scenario asks for, in a folder of its own. @throws NetworkError */
export async function startOwnNetwork(
  asked: NonNullable<Scenario["network"]>,
  {
    folder,
    portOffset,
    signal,
    say,
  }: {
    readonly folder: string;
    readonly portOffset: number;
    readonly signal: AbortSignal;
    readonly say: (line: string) => void;
  },
): Promise<OwnNetwork> {
  const directory = resolve(folder);
  const host = workspaceHost(directory, { apps, environment: process.env });
  const close = async () => {
    const unasked = new AbortController();
    await takeDown(host, { directory, waitMs: END_MS, purge: true, signal: unasked.signal, onProgress: say });
    await rm(directory, { recursive: true, force: true });
  };
  const { preset, sequencers, provers, agents, cluster, slotDuration, epochDuration, committeeSize, fees } = asked;
  try {
    await bringUp(host, {
      directory,
      given: {
        preset,
        sequencers,
        provers,
        agents,
        cluster,
        fees: fees === "on",
        portOffset,
        ...(slotDuration === undefined ? {} : { slotDuration: Seconds(slotDuration) }),
        ...(epochDuration === undefined ? {} : { epochDuration }),
        ...(committeeSize === undefined ? {} : { committeeSize }),
      },
      waitMs: READY_MS,
      signal,
      onProgress: say,
    });
  } catch (error) {
    // What was started must not be left behind; what keeps it from ending matters less than why it did not start.
    await close().catch(() => {});
    throw error;
  }
  return { directory, close };
}
