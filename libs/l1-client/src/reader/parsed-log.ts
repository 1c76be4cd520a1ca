import type { Interface, Log, LogDescription } from "ethers";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** The first topic of an event. */
export function eventTopic(contract: Interface, name: string): string {
  const event = contract.getEvent(name);
  if (!event)
    throw new L1Error(L1ErrorCode.BAD_SETTING, `the contract's ABI has no event ${name}: rebuild the contracts`, {
      expected: name,
    });
  return event.topicHash;
}

/** A log by its ABI. @throws BAD_LOG */
export function parsedLog(contract: Interface, log: Log): LogDescription {
  let parsed: LogDescription | null = null;
  let cause: unknown;
  try {
    parsed = contract.parseLog(log);
  } catch (error) {
    cause = error;
  }
  if (parsed) return parsed;
  throw new L1Error(
    L1ErrorCode.BAD_LOG,
    `log ${log.index} of transaction ${log.transactionHash} does not match the contracts' ABI: check the contract ` +
      "addresses",
    { transactionHash: log.transactionHash },
    { cause },
  );
}
