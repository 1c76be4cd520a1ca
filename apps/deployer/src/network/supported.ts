import { type GivenParameters, NetworkError, NetworkErrorCode } from "@sprtn/network";
import { nodeSettings } from "@sprtn/wiring/settings";
import { deployerSettings } from "../settings.js";

/**
 * What the other programs of this version cannot do is refused here, rather than left out without a word.
 * @throws NetworkError UNSUPPORTED
 */
export function assertSupported({ cluster, fees }: GivenParameters): void {
  if (fees === false && !deployerSettings.byName.has("DEPLOY_FEES"))
    throw new NetworkError(
      NetworkErrorCode.UNSUPPORTED,
      "this version's deployer cannot deploy a network without fees: leave out --fees off",
    );
  if (cluster === "dense" && !nodeSettings.byFlag.has("--dense"))
    throw new NetworkError(
      NetworkErrorCode.UNSUPPORTED,
      "this version's node cannot run many validators in a process: give --cluster local",
    );
}
