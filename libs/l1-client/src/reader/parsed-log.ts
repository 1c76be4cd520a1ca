import type { Interface, Log, LogDescription } from "ethers";
import { fromAnswer } from "../endpoints/from-answer.js";
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

/**
 * What is read of a log by its ABI. It is of one of our contracts, and of an event that was asked for: what does not
 * fit the ABI is not what L1 holds. @throws BAD_ANSWER
 */
export function readLog<T>(contract: Interface, log: Log, read: (log: LogDescription) => T): T {
  return fromAnswer(`log ${log.index} of transaction ${log.transactionHash}`, () => {
    const parsed = contract.parseLog(log);
    if (parsed) return read(parsed);
    throw new RangeError("it is no event of the contracts");
  });
}
