import { messageOf } from "@sprtn/primitives";
import { type Interface, JsonRpcProvider, Network, type Result } from "ethers";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";

/** A contract to ask: its ABI, and where it is. */
export interface ContractView {
  readonly contract: Interface;
  readonly address: string;
}

/**
 * JSON-RPC requests to one L1 endpoint. What L1 answers with instead of a result is an `L1Refusal` in an
 * L1_FAILED error.
 */
export class L1Requests {
  readonly chainId: bigint;
  readonly #provider: JsonRpcProvider;

  private constructor(provider: JsonRpcProvider, chainId: bigint) {
    this.#provider = provider;
    this.chainId = chainId;
  }

  /** Asks for the chain id. @throws L1_FAILED */
  static async connect(url: string): Promise<L1Requests> {
    // The chain does not matter yet: a static network keeps ethers from asking by itself, which would continue without
    // end if nothing answers.
    const probe = new L1Requests(providerAt(url, 0n), 0n);
    try {
      const chainId = await probe.quantity("eth_chainId");
      return new L1Requests(providerAt(url, chainId), chainId);
    } finally {
      probe.close();
    }
  }

  async send(method: string, ...params: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#provider.send(method, [...params]);
    } catch (error) {
      const refusal = refusalOf(error);
      // Ethers' error is not the cause: it holds whole transactions.
      if (!refusal.answered)
        throw new DeploymentError(
          DeploymentErrorCode.L1_FAILED,
          `L1 does not answer ${method} (${refusal.message}): check ETHEREUM_HOST and that L1 is running`,
        );
      throw new DeploymentError(
        DeploymentErrorCode.L1_FAILED,
        `L1 answers ${method} with an error (${refusal.message}): fix the cause, or set another L1 endpoint in ` +
          "ETHEREUM_HOST",
        refusal.data === undefined ? {} : { reason: refusal.data },
      );
    }
  }

  /** An answer as `read` takes it apart; whatever `read` throws shows a malformed one. @throws L1_FAILED */
  async ask<T>(method: string, params: readonly unknown[], read: (answer: unknown) => T): Promise<T> {
    const answer = await this.send(method, ...params);
    try {
      return read(answer);
    } catch (error) {
      throw new DeploymentError(
        DeploymentErrorCode.L1_FAILED,
        `L1 answers ${method} with something that it cannot be (${messageOf(error)}): set another L1 endpoint in ` +
          "ETHEREUM_HOST",
      );
    }
  }

  /** @throws L1_FAILED */
  quantity(method: string, ...params: readonly unknown[]): Promise<bigint> {
    return this.ask(method, params, quantityOf);
  }

  /** @throws L1_FAILED */
  number(method: string, ...params: readonly unknown[]): Promise<number> {
    return this.ask(method, params, numberOf);
  }

  /** A view function's results at the latest block. */
  async read({ contract, address }: ContractView, name: string, args: readonly unknown[] = []): Promise<Result> {
    const data = await this.send("eth_call", { to: address, data: contract.encodeFunctionData(name, args) }, "latest");
    return contract.decodeFunctionResult(name, data as string);
  }

  close(): void {
    this.#provider.destroy();
  }
}

/** A quantity of JSON-RPC. @throws RangeError for anything else */
export function quantityOf(value: unknown): bigint {
  if (typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value)) return BigInt(value);
  throw new RangeError("no quantity");
}

/** A quantity that a number can hold. @throws RangeError for anything else */
export function numberOf(value: unknown): number {
  const number = Number(quantityOf(value));
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError("too large a number");
}

function providerAt(url: string, chainId: bigint): JsonRpcProvider {
  const network = new Network("l1", chainId);
  return new JsonRpcProvider(url, network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1 });
}

function refusalOf(error: unknown): {
  readonly message: string;
  readonly data: string | undefined;
  readonly answered: boolean;
} {
  const {
    error: direct,
    info,
    data,
    shortMessage,
  } = error as {
    error?: { message?: string };
    info?: { error?: { message?: string } };
    data?: unknown;
    shortMessage?: string;
  };
  const answer = direct?.message ?? info?.error?.message;
  const message = answer ?? shortMessage ?? messageOf(error);
  return {
    message,
    data: typeof data === "string" ? data : undefined,
    answered: answer !== undefined || typeof data === "string",
  };
}
