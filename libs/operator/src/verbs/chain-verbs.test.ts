import { rollupAbi, validatorRegistryAbi } from "@sprtn/contracts";
import { expect } from "chai";
import { Interface } from "ethers";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import type { L1Account, L1Call } from "../l1/l1-account.js";
import { l1PlaceOf } from "../l1/l1-place.js";
import { validatorStates, type ValidatorState } from "../l1/validator-state.js";
import { ADDRESS, BOOTNODE, L1, validator, withNetwork } from "../test/example.js";
import { FakeOperatorHost } from "../test/fake-operator-host.js";
import { claim, rewardsOf } from "./rewards.js";
import { exit, planStake, stake, validatorStatus, withdraw } from "./validator.js";

const ETHER = 10n ** 18n;
const RPC = "http://127.0.0.1:8080";
const OTHER = `0x${"0b".repeat(20)}`;
const registry = new Interface(validatorRegistryAbi);
const rollup = new Interface(rollupAbi);
const { signal } = new AbortController();

/** What L1 and the node know. */
interface World {
  state: ValidatorState;
  withdrawer: string;
  withdrawableEpoch: number;
  epoch: number;
  minimum: bigint;
  credit: bigint;
  /** What settling credits. */
  settles: bigint;
  proven: number;
  capacity: number;
  /** Coinbase of each block. */
  coinbases: string[];
}

describe("what an operator does on L1", () => {
  let host: FakeOperatorHost;
  let world: World;
  let sent: { to: string; name: string; args: readonly unknown[]; value: bigint }[];
  const account: L1Account = {
    address: ADDRESS,
    send: async ({ to, data, value = 0n }: L1Call) => {
      const call = registry.parseTransaction({ data }) ?? rollup.parseTransaction({ data });
      sent.push({ to, name: call?.name ?? "", args: [...(call?.args ?? [])], value });
      if (call?.name === "settle") world.credit += world.settles;
      return `0x${String(sent.length)}`;
    },
  };
  const answer = (data: string): string => {
    const call = registry.parseTransaction({ data }) ?? rollup.parseTransaction({ data });
    const number = { MINIMUM_STAKE: world.minimum, currentEpoch: world.epoch, creditOf: world.credit }[
      call?.name ?? ""
    ];
    const limits = { provenBlockNumber: world.proven, capacity: world.capacity, coinbaseShare: 3n }[call?.name ?? ""];
    if (call?.name === "getValidator")
      return registry.encodeFunctionResult("getValidator", [
        [world.withdrawer, validatorStates.indexOf(world.state), 0, world.withdrawableEpoch, ETHER],
      ]);
    const contract = call?.name === "MINIMUM_STAKE" ? registry : rollup;
    return contract.encodeFunctionResult(call?.name ?? "", [number ?? limits]);
  };
  const place = () => l1PlaceOf(host, "/srv/v1");
  const failure = async (work: Promise<unknown>) => {
    const error = (await work.catch((cause: unknown) => cause)) as { code: string };
    expect(sent).to.deep.equal([]);
    return error.code;
  };

  beforeEach(() => {
    sent = [];
    world = {
      state: "none",
      withdrawer: ADDRESS,
      withdrawableEpoch: 9,
      epoch: 8,
      minimum: ETHER / 2n,
      credit: 5n,
      settles: 10n,
      proven: 250,
      capacity: 100,
      coinbases: Array.from({ length: 270 }, (_, i) => (i % 100 === 60 ? ADDRESS : OTHER)),
    };
    host = withNetwork(new FakeOperatorHost());
    host.disk.set("/srv/v1/.env", envText(envVariables(validator), undefined));
    host.endpoints.set(L1, {
      ...host.endpoints.get(L1),
      eth_call: ([call]) => answer((call as { readonly data: string }).data),
    });
  });
  const started = () => {
    host.pages.set(`${RPC}/ready`, { status: 200, body: {} });
    host.endpoints.set(RPC, {
      ...host.endpoints.get(BOOTNODE),
      // Fewer than it is asked for.
      node_getBlocks: ([from]) =>
        Array.from({ length: 40 }, (_, i) => Number(from) + i)
          .filter(number => number < world.coinbases.length)
          .map(number => ({ header: { number, coinbase: world.coinbases[number] } })),
    });
  };

  it("stake: the least that the network takes, or more, for the account itself", async () => {
    const report = await validatorStatus(host, await place(), ADDRESS);
    expect(report).to.deep.include({ state: "none", currentEpoch: 8, balance: ETHER, minimumStake: ETHER / 2n });
    expect(planStake(report, undefined)).to.equal(ETHER / 2n);
    await stake({ account, signal }, await place(), ETHER / 2n);
    const [first] = sent;
    expect([first?.name, first?.value]).to.deep.equal(["stake", ETHER / 2n]);
    expect(first?.args).to.deep.equal([`0x${ADDRESS.slice(2).padStart(64, "0")}`]);
    for (const amount of [ETHER / 2n - 1n, ETHER]) expect(() => planStake(report, amount), String(amount)).to.throw();
    for (const state of ["pending", "active", "exiting"] as const) {
      world.state = state;
      const now = await validatorStatus(host, await place(), ADDRESS);
      expect(() => planStake(now, undefined), state).to.throw("already");
    }
  });

  it("exit: of one that has a stake, by its withdrawer", async () => {
    const leave = async () =>
      exit({ account, signal }, await place(), await validatorStatus(host, await place(), ADDRESS));
    expect(await failure(leave())).to.equal("OPERATOR_USAGE");
    world.state = "exiting";
    expect(await failure(leave())).to.equal("OPERATOR_USAGE");
    world = { ...world, state: "active", withdrawer: OTHER };
    expect(await failure(leave())).to.equal("OPERATOR_USAGE");
    world.withdrawer = ADDRESS;
    for (const state of ["active", "pending"] as const) {
      world.state = state;
      await leave();
    }
    expect(sent.map(({ name }) => name)).to.deep.equal(["exitStake", "exitStake"]);
  });

  it("withdraw: of one that exits, from its epoch on", async () => {
    const take = async () =>
      withdraw({ account, signal }, await place(), await validatorStatus(host, await place(), ADDRESS));
    world = { ...world, state: "active", epoch: 9 };
    expect(await failure(take())).to.equal("OPERATOR_USAGE");
    world = { ...world, state: "exiting", epoch: 8 };
    expect(await failure(take())).to.equal("OPERATOR_USAGE");
    world.epoch = 9;
    await take();
    expect(sent[0]?.name).to.equal("withdrawStake");
  });

  it("rewards: what is credited, and own proven blocks of the buffer if the node runs", async () => {
    expect(await rewardsOf(host, await place(), ADDRESS)).to.deep.include({
      credit: 5n,
      unsettled: [],
      blocksKnown: false,
    });
    started();
    // Of 60, 160 and 260, the first has left the buffer, the last is not proven.
    expect(await rewardsOf(host, await place(), ADDRESS)).to.deep.include({
      credit: 5n,
      unsettled: [160],
      unsettledReward: 3n,
      blocksKnown: true,
    });
  });

  it("claim: settles first, then pays what is credited", async () => {
    started();
    const report = await rewardsOf(host, await place(), ADDRESS);
    const { amount, transactions } = await claim({ host, account, signal }, await place(), report);
    expect([amount, transactions.length]).to.deep.equal([15n, 2]);
    expect(sent.map(({ name, args }) => [name, ...args])).to.deep.equal([
      ["settle", [160n]],
      ["claim", sent[1]?.args[0]],
    ]);
  });

  it("claim: nothing is sent for nothing", async () => {
    world = { ...world, credit: 0n, proven: 0 };
    started();
    const report = await rewardsOf(host, await place(), ADDRESS);
    expect(await failure(claim({ host, account, signal }, await place(), report))).to.equal("OPERATOR_USAGE");
  });

  it("claim: what was settled before and taken since is not claimed again", async () => {
    world = { ...world, credit: 0n, settles: 0n };
    started();
    const report = await rewardsOf(host, await place(), ADDRESS);
    const error = await claim({ host, account, signal }, await place(), report).catch((cause: unknown) => cause);
    expect(error).to.have.property("code", "OPERATOR_USAGE");
    expect(sent.map(({ name }) => name)).to.deep.equal(["settle"]);
  });

  it("a chain without the network's contracts is refused before anything is read", async () => {
    host.endpoints.set(L1, { ...host.endpoints.get(L1), eth_getCode: () => "0x" });
    expect(await failure(place())).to.equal("OPERATOR_FOREIGN_DEPLOYMENT");
    host.endpoints.set(L1, { ...host.endpoints.get(L1), eth_chainId: () => "0x1" });
    expect(await failure(place())).to.equal("OPERATOR_WRONG_CHAIN");
  });

  it("what L1 cannot return has a code", async () => {
    host.endpoints.set(L1, { ...host.endpoints.get(L1), eth_call: () => "0x" });
    expect(await failure(validatorStatus(host, await place(), ADDRESS))).to.equal("OPERATOR_BAD_ANSWER");
  });
});
