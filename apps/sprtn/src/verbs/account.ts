import {
  type L1Account,
  type L1Place,
  openKey,
  type OpenedKey,
  openL1Account,
  OperatorError,
  OperatorErrorCode,
  traitsOf,
} from "@sprtn/operator";
import { abortError } from "@sprtn/runtime";
import { systemClock } from "@sprtn/observability/system";
import { stderrLogger } from "../stderr-logger.js";
import { keyIn } from "./draft.js";

/** How somebody says which key pays, and that it may. */
export interface AccountChoice {
  readonly keyFile: string | undefined;
  readonly passwordFile: string | undefined;
  readonly yes: boolean;
}

/** The key of `.env`. @throws OperatorError USAGE without one, BAD_KEY */
export async function installedKey({ node }: L1Place): Promise<OpenedKey> {
  const { keyName } = traitsOf(node.role);
  const text = keyName === undefined ? undefined : node.variables.get(keyName);
  if (text !== undefined) return openKey(text, undefined);
  throw new OperatorError(
    OperatorErrorCode.USAGE,
    "this node's .env has no L1 key: give a file that has one with --key-file",
  );
}

/** The account that pays: of the file that was given, or of `.env`. @throws OperatorError USAGE, BAD_KEY; L1Error */
export async function payingAccount(place: L1Place, { keyFile, passwordFile }: AccountChoice): Promise<L1Account> {
  const { privateKey } = keyFile === undefined ? await installedKey(place) : await keyIn(keyFile, passwordFile);
  const { node, network } = place;
  const options = { urls: node.ethereumHosts, chainId: network.l1ChainId, privateKey };
  return openL1Account({ clock: systemClock, logger: stderrLogger }, options);
}

/** Goes on only if somebody says so. @throws OperatorError USAGE without a terminal; RuntimeError ABORTED for no */
export async function confirmed(
  question: string,
  { yes }: Pick<AccountChoice, "yes">,
  signal: AbortSignal,
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new OperatorError(OperatorErrorCode.USAGE, `${question} Give --yes to say so without a terminal.`);
  const { confirm } = await import("@clack/prompts");
  if ((await confirm({ message: question, initialValue: false, signal })) !== true) throw abortError("asking", signal);
}
