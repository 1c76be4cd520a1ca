import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { E2eError, E2eErrorCode } from "../e2e-error.js";

/** Below the ports that the system gives to outgoing connections: one that is free now is free after a restart too. */
const [FIRST, LAST] = [20_000, 32_000];
const MAX_TRIES = 50;

const given = new Set<number>();

/** A port on 127.0.0.1 that nobody listens on, each once. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new E2eError(
    E2eErrorCode.NOT_RUNNING,
    `no free port between ${FIRST} and ${LAST} after ${MAX_TRIES} tries: end what listens there`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
