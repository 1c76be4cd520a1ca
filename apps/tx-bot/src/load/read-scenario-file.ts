import { open } from "node:fs/promises";
import { checkExpectation, LoadError, LoadErrorCode, readScenario, type Scenario } from "@sprtn/load";
import { messageOf } from "@sprtn/primitives";

/** One byte more than a scenario may have: what is longer is refused by its length. */
const MAX_READ = 256 * 1024 + 1;

/** @throws LoadError BAD_SCENARIO, also for a file that cannot be read or a metric that nobody measures */
export async function readScenarioFile(path: string): Promise<Scenario> {
  let content: Buffer;
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_READ), 0, MAX_READ, 0);
      content = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new LoadError(
      LoadErrorCode.BAD_SCENARIO,
      `${path} cannot be read (${messageOf(cause)}): give a scenario's file, such as one of apps/tx-bot/scenarios`,
      { path },
      { cause },
    );
  }
  const scenario = readScenario(content.toString("utf8"), path);
  for (const expectation of scenario.expect) checkExpectation(expectation);
  return scenario;
}
