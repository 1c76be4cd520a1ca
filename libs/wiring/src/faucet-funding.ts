import type { L1DepositClient } from "@sprtn/l1-client";
import type { FundingMessage, FundingRequest, L1Funding } from "@sprtn/ports";

/** Deposits on L1; on test networks, whose token has a faucet, it mints what is missing first. */
export class FaucetFunding implements L1Funding {
  constructor(private readonly client: L1DepositClient) {}

  async deposit(request: FundingRequest, signal?: AbortSignal): Promise<FundingMessage> {
    const balance = await this.client.tokenBalance();
    if (balance < request.amount)
      await this.client.mint(request.amount - balance, signal === undefined ? {} : { signal });
    const { hash, globalIndex, transactionHash } = await this.client.deposit(request, signal);
    return { ...request, messageHash: hash, globalIndex, l1Transaction: transactionHash };
  }
}
