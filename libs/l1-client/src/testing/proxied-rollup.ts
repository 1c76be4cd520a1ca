import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import type { TransactionSender, TransactionSenderSettings } from "../publisher/transaction-sender.js";
import { JsonRpcProxy } from "./json-rpc-proxy.js";
import { TestRollup } from "./test-rollup.js";

/** What a test finds; it changes from test to test, so it is read through the object. */
export interface ProxiedRollup {
  readonly rollup: TestRollup;
  readonly proxy: JsonRpcProxy;
  /** Only the proxy. */
  readonly endpoints: L1Endpoints;
  /** Index of an account that no other test uses, so that its nonces start at 0. */
  readonly account: number;
  /** Sends from `account`, through the proxy, until the test ends: what a failed one leaves open keeps no process. */
  sender(change?: Partial<TransactionSenderSettings>): TransactionSender;
}

/** Sets up the tests of a `describe`: one rollup for all, a proxy in front of its L1 and an account for each. */
export function useProxiedRollup(): ProxiedRollup {
  let rollup: TestRollup;
  let proxy: JsonRpcProxy;
  let endpoints: L1Endpoints;
  let account = 0;
  let life: AbortController;

  before(async () => {
    rollup = await TestRollup.start();
  });

  beforeEach(async () => {
    account++;
    life = new AbortController();
    proxy = await JsonRpcProxy.start(rollup.devnet.url);
    endpoints = rollup.endpointsAt([proxy.url]);
  });

  afterEach(async () => {
    life.abort();
    endpoints.close();
    await proxy.stop();
    await rollup.devnet.setAutomine(true);
    await rollup.devnet.mine();
  });

  after(async () => rollup.stop());

  return {
    get rollup() {
      return rollup;
    },
    get proxy() {
      return proxy;
    },
    get endpoints() {
      return endpoints;
    },
    get account() {
      return account;
    },
    sender: change => {
      const sender = rollup.sender(account, change, endpoints);
      const { signal: ended } = life;
      const send = sender.send.bind(sender);
      sender.send = (requests, signal) => {
        const sending = send(requests, signal === undefined ? ended : AbortSignal.any([signal, ended]));
        sending.catch(() => undefined);
        return sending;
      };
      return sender;
    },
  };
}
