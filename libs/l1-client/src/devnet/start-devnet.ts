import { CodedError } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { anvilBinary } from "./anvil-binary.js";
import { AnvilProcess } from "./anvil-process.js";
import { anvilArguments, DEVNET_CHAIN_ID, type DevnetOptions, stateIntervalMs } from "./devnet-options.js";
import { Devnet } from "./devnet.js";
import { badState, stateToLoad } from "./state-file.js";
import { StateKeeper, type StateKeeperDependencies } from "./state-keeper.js";

/** Of what two dumps may miss, and a little more for a busy machine. */
const TOLERATED_INTERVALS = 3;

/**
 * Starts a local L1 (anvil) and waits until it answers. With a clock and a logger, it keeps its state as it goes.
 * @throws DEVNET_NO_BINARY, DEVNET_PORT_TAKEN, DEVNET_BAD_STATE, DEVNET_FAILED
 */
export async function startDevnet(options: DevnetOptions = {}, keeping?: StateKeeperDependencies): Promise<Devnet> {
  const { host = "127.0.0.1", startTimeoutMs = 15_000, chainId = DEVNET_CHAIN_ID } = options;
  const { stateFile } = options;
  const intervalMs = stateIntervalMs(options);
  const state = stateFile === undefined ? undefined : await stateToLoad(stateFile, TOLERATED_INTERVALS * intervalMs);
  const child = new AnvilProcess(options.binary ?? anvilBinary(), anvilArguments(options, state));
  const timeout = AbortSignal.timeout(startTimeoutMs);
  const late = Promise.withResolvers<never>();
  const giveUp = () =>
    late.reject(
      new L1Error(L1ErrorCode.DEVNET_FAILED, `the devnet did not answer within ${startTimeoutMs} ms: ${child.output}`, {
        output: child.output,
      }),
    );
  timeout.addEventListener("abort", giveUp, { once: true });
  try {
    const port = await Promise.race([child.port(), late.promise]);
    const devnet = new Devnet(
      {
        process: child,
        keeper: stateFile === undefined ? undefined : new StateKeeper(keeping, { stateFile, intervalMs }),
      },
      { url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`, port, chainId },
    );
    await Promise.race([devnet.request("eth_chainId"), late.promise]);
    await devnet.keepStates();
    return devnet;
  } catch (error) {
    child.kill();
    throw await explained(error, options);
  } finally {
    timeout.removeEventListener("abort", giveUp);
  }
}

async function explained(error: unknown, { port, stateFile }: DevnetOptions): Promise<unknown> {
  if (!(error instanceof CodedError)) return error;
  if (/address already in use/i.test(error.message)) {
    return new L1Error(
      L1ErrorCode.DEVNET_PORT_TAKEN,
      `port ${port} is in use: stop the program that listens there, or give L1 another port (0: any free one); a ` +
        "local network takes it from LOCAL_L1_PORT (--local-l1-port)",
      port === undefined ? {} : { port },
      { cause: error },
    );
  }
  if (stateFile !== undefined && /failed to parse json file/i.test(error.message))
    return badState(stateFile, stateFile, error);
  return error;
}
