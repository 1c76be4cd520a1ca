import { teocalliAbi, validatorRegistryAbi } from "@sprtn/contracts";
import type { TeocalliCommand } from "@sprtn/deployment";
import { Bytes32, EthAddress, type Hex, UnixSeconds } from "@sprtn/primitives";
import type { OperatorHost } from "../host/operator-host.js";
import type { L1Account } from "../l1/l1-account.js";
import { contractOf, type L1Place } from "../l1/l1-place.js";
import { readContract } from "../l1/read-contract.js";
import { pubkeyOf } from "../l1/validator-state.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import type { CommandFile } from "../teocalli/command-file.js";
import { shownCall } from "../teocalli/shown-call.js";

/** What a command is to do: admit or remove validators, or any calls. */
export type ProposedCalls =
  | { readonly action: "addValidator" | "removeValidator"; readonly validators: readonly string[] }
  | { readonly action: "call"; readonly target: string; readonly data: string; readonly value: bigint };

/** A command as L1 and its signatures stand. */
export interface CommandReport {
  /** A line a call. */
  readonly calls: readonly string[];
  readonly nonce: number;
  /** The last second in which it can be executed, s since 1970. */
  readonly deadline: number;
  readonly signedBy: readonly string[];
  /** Signatures of nobody whom Teocalli knows. */
  readonly strangers: readonly string[];
  readonly threshold: number;
  readonly signers: readonly string[];
  /** What keeps it from being executed. */
  readonly obstacles: readonly string[];
}

/** A new command with Teocalli's next nonce. @throws OperatorError USAGE, UNREACHABLE, REFUSED, BAD_ANSWER */
export async function proposeCommand(
  host: OperatorHost,
  place: L1Place,
  { calls, expiresMs }: { readonly calls: ProposedCalls; readonly expiresMs: number },
): Promise<CommandFile> {
  const { nonce } = await teocalliState(host, place);
  return {
    chainId: place.network.l1ChainId,
    teocalli: addressIn(contractOf(place, "teocalli")),
    command: {
      calls: await callsOf(place, calls),
      nonce,
      deadline: UnixSeconds(Math.floor((host.clock.nowMs() + expiresMs) / 1000)),
    },
    signatures: [],
  };
}

/** The file with the key's signature too. @throws OperatorError USAGE if it is signed by it already */
export async function signCommandFile(file: CommandFile, privateKey: Bytes32): Promise<CommandFile> {
  const { commandDigest, commandSigner, signCommand } = await import("@sprtn/deployment");
  const digest = commandDigest({ address: file.teocalli, chainId: file.chainId }, file.command);
  const signature = signCommand(digest, privateKey);
  const signer = commandSigner(digest, signature);
  if (file.signatures.some(each => commandSigner(digest, each) === signer))
    throw new OperatorError(OperatorErrorCode.USAGE, `${signer} has signed this command already`);
  return { ...file, signatures: [...file.signatures, signature] };
}

/** What a command's calls do, without asking anybody: for whoever signs on a machine of its own. */
export function describeCommand({ command }: CommandFile): readonly string[] {
  return command.calls.map(call => shownCall(call, undefined));
}

/** @throws OperatorError FOREIGN_DEPLOYMENT, UNREACHABLE, REFUSED, BAD_ANSWER */
export async function commandReport(host: OperatorHost, place: L1Place, file: CommandFile): Promise<CommandReport> {
  assertSamePlace(place, file);
  const { nonce, threshold, signers } = await teocalliState(host, place);
  const recovered = await signersOf(file);
  const signedBy = [...new Set(recovered)].filter(signer => signers.includes(signer));
  const strangers = [...new Set(recovered)].filter(signer => !signers.includes(signer));
  const { command } = file;
  const nowSeconds = host.clock.nowMs() / 1000;
  const obstacles = [
    ...(command.nonce === nonce
      ? []
      : [
          command.nonce < nonce
            ? `its number ${command.nonce} is used up: propose it again`
            : `commands ${nonce} to ${command.nonce - 1} come first`,
        ]),
    ...(nowSeconds > command.deadline ? ["it has expired: propose it again"] : []),
    ...(signedBy.length < threshold ? [`it has ${signedBy.length} of ${threshold} signatures`] : []),
  ];
  const { contracts } = place.network;
  return {
    calls: command.calls.map(call => shownCall(call, contracts)),
    nonce: command.nonce,
    deadline: command.deadline,
    signedBy,
    strangers,
    threshold,
    signers,
    obstacles,
  };
}

/** The transaction's hash; anybody may pay for it. @throws OperatorError USAGE with all obstacles; L1Error */
export async function executeCommand(
  { account, signal }: { readonly account: L1Account; readonly signal: AbortSignal },
  file: CommandFile,
  report: CommandReport,
): Promise<string> {
  if (report.obstacles.length > 0)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `this command cannot be executed: ${report.obstacles.join("; ")}`,
      { names: report.obstacles },
    );
  const [{ commandDigest, commandSigner, encodeCommand }, { Interface }] = await Promise.all([
    import("@sprtn/deployment"),
    import("ethers"),
  ]);
  const digest = commandDigest({ address: file.teocalli, chainId: file.chainId }, file.command);
  // The contract takes no stranger's signature, and each signer's once.
  const signatures = report.signedBy
    .slice(0, report.threshold)
    .map(signer => ({
      signer: addressIn(signer),
      signature: file.signatures.find(each => commandSigner(digest, each) === signer) as string,
    }));
  const data = new Interface(teocalliAbi).encodeFunctionData("execute", [encodeCommand(file.command, signatures)]);
  return account.send({ to: file.teocalli, data }, signal);
}

async function signersOf({ chainId, teocalli, command, signatures }: CommandFile): Promise<readonly string[]> {
  const { commandDigest, commandSigner } = await import("@sprtn/deployment");
  const digest = commandDigest({ address: teocalli, chainId }, command);
  return signatures.flatMap(each => commandSigner(digest, each) ?? []);
}

async function callsOf(place: L1Place, calls: ProposedCalls): Promise<TeocalliCommand["calls"]> {
  if (calls.action === "call")
    return [{ target: addressIn(calls.target), value: calls.value, data: calls.data.toLowerCase() }];
  if (calls.validators.length === 0)
    throw new OperatorError(OperatorErrorCode.USAGE, `who is missing: sprtn teocalli propose ${calls.action} ADDRESS…`);
  const { Interface } = await import("ethers");
  const registry = new Interface(validatorRegistryAbi);
  const target = addressIn(contractOf(place, "validatorRegistry"));
  return calls.validators.map(validator => ({
    target,
    data: registry.encodeFunctionData(calls.action, [pubkeyOf(validator)]),
  }));
}

async function teocalliState(
  host: OperatorHost,
  place: L1Place,
): Promise<{ readonly nonce: number; readonly threshold: number; readonly signers: readonly string[] }> {
  const address = contractOf(place, "teocalli");
  const read = async (name: string) =>
    (await readContract(host, place.url, { abi: teocalliAbi, address, name, args: [] }))[0] as unknown;
  const [nonce, threshold, signers] = await Promise.all([read("nonce"), read("threshold"), read("getSigners")]);
  return {
    nonce: Number(nonce),
    threshold: Number(threshold),
    signers: [...(signers as readonly string[])].map(signer => signer.toLowerCase()),
  };
}

/** A command signed for another deployment is worth nothing here. @throws OperatorError FOREIGN_DEPLOYMENT */
function assertSamePlace(place: L1Place, { chainId, teocalli }: CommandFile): void {
  const here = contractOf(place, "teocalli").toLowerCase();
  if (chainId === place.network.l1ChainId && teocalli === here) return;
  throw new OperatorError(
    OperatorErrorCode.FOREIGN_DEPLOYMENT,
    `the command is for Teocalli ${teocalli} on chain ${chainId}, and this network's is ${here} on chain ` +
      `${place.network.l1ChainId}: use the directory of a node of that network`,
  );
}

function addressIn(text: string): EthAddress {
  return EthAddress(text.toLowerCase() as Hex);
}
