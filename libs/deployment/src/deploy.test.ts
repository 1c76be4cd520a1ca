import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, minedReceipt, startDevnet } from "@sprtn/l1-client/devnet";
import { EthAddress, Field, UnixSeconds, Wei } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { checkDeployment } from "./check-deployment.js";
import { deploy } from "./deploy.js";
import type { DeployRequest } from "./deploy-request.js";
import { decodeDeployment, encodeDeployment } from "./deployment-codec.js";
import { L1Requests } from "./l1-requests.js";
import { interfaceOfStep } from "./manifest.js";
import { FAUCET_CAP } from "./planned-step.js";
import { CuttingProxy } from "./testing/cutting-proxy.js";
import {
  addressOf,
  dependenciesAt,
  genesisAt,
  keyOf,
  parameters,
  requestOf,
  systemClock,
} from "./testing/deploy-fixture.js";

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly payload: { readonly problems?: readonly string[]; readonly step?: string };
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: Failure) => error,
  );
}

describe("deploy", () => {
  let devnet: Devnet;
  let l1: L1Requests;
  let directory: string;
  let journalPath: string;
  /** Every test deploys with its own account. */
  let account = 9;

  before(async () => {
    devnet = await startDevnet({ accounts: 60 });
    l1 = await L1Requests.connect(devnet.url);
  });

  beforeEach(async () => {
    account++;
    directory = await mkdtemp(join(tmpdir(), "deploy-"));
    journalPath = join(directory, "journal.json");
  });

  afterEach(async () => {
    await devnet.setAutomine(true);
    await rm(directory, { recursive: true });
  });

  after(async () => {
    l1.close();
    await devnet.stop();
  });

  const run = async (
    change: Partial<DeployRequest> = {},
    at: { readonly url: string } = devnet,
    logger = new MemoryLogger(),
  ) => deploy(dependenciesAt(at, logger), requestOf(account, change));
  const nonce = async () => l1.number("eth_getTransactionCount", addressOf(account), "latest");
  const read = async ([step, address]: readonly [string, string], getter: string, ...args: unknown[]) =>
    (await l1.read({ contract: interfaceOfStep(step), address }, getter, args))[0] as unknown;

  it("deploys, wires, registers and funds everything", async () => {
    const deployment = await run();
    const { contracts } = deployment;
    expect(await read(["Rollup", contracts.rollup], "getCommitteeAt", 0)).to.have.length(4);
    expect(await read(["Rewards", contracts.rewards], "allocationOf", contracts.rollup)).to.equal(10n ** 24n);
    expect(await read(["L2AZT", contracts.token], "balanceOf", contracts.rewards)).to.equal(10n ** 24n);
    const canonical = (await read(["Registry", contracts.registry], "canonical")) as { rollup: string };
    expect(canonical.rollup.toLowerCase()).to.equal(contracts.rollup);
    expect(deployment.parameters.genesisTime).to.be.greaterThan(0);
    expect(deployment.l1StartBlock).to.be.greaterThan(0);
    expect(
      await l1.send("eth_getCode", contracts.teocalli, `0x${(deployment.l1StartBlock - 1).toString(16)}`),
    ).to.equal("0x");
    expect(decodeDeployment(encodeDeployment(deployment))).to.deep.equal(deployment);
  });

  it("returns the same deployment again and sends nothing more", async () => {
    const first = await run({ journalPath });
    const sent = await nonce();
    expect(await run({ journalPath })).to.deep.equal(first);
    expect(await nonce()).to.equal(sent);
  });

  it("goes on after the connection broke at any transaction, with the same addresses", async () => {
    const proxy = await CuttingProxy.start(devnet.url);
    try {
      const whole = await run({ journalPath: join(directory, "whole.json") });
      const steps = Object.keys(
        (JSON.parse(await readFile(join(directory, "whole.json"), "utf8")) as { steps: object }).steps,
      ).length;
      for (const cut of ["cut", "cut-after"] as const) {
        for (let at = 1; at <= steps; at += 3) {
          account++;
          const path = join(directory, `${cut}-${at}.json`);
          let sent = 0;
          proxy.decide = ({ method }) => (method === "eth_sendRawTransaction" && ++sent === at ? cut : "pass");
          expect((await failure(run({ journalPath: path }, proxy))).code, `${cut} at ${at}`).to.equal(
            "DEPLOYMENT_STEP_FAILED",
          );
          proxy.decide = () => "pass";
          const deployment = await run({ journalPath: path }, proxy);
          expect(await nonce(), `${cut} at ${at}`).to.equal(steps);
          expect(Object.keys(deployment.contracts)).to.deep.equal(Object.keys(whole.contracts));
        }
      }
    } finally {
      await proxy.stop();
    }
  });

  it("goes on with what waits in the pool, and with what the pool lost", async () => {
    for (const lost of [false, true]) {
      account++;
      const path = join(directory, `lost-${lost}.json`);
      await devnet.setAutomine(false);
      const controller = new AbortController();
      const logger = new MemoryLogger();
      const started = failure(run({ journalPath: path, signal: controller.signal }, devnet, logger));
      while ((await l1.number("eth_getTransactionCount", addressOf(account), "pending")) < 18)
        await l1.send("eth_blockNumber");
      controller.abort();
      expect((await started).code).to.equal("RUNTIME_ABORTED");
      if (lost) await devnet.request("anvil_dropAllTransactions");
      await devnet.setAutomine(true);
      await devnet.mine();
      await run({ journalPath: path });
      expect(await nonce()).to.equal(18);
    }
  });

  it("deploys anew from where an L1 reorg took something away", async () => {
    const first = await run({ journalPath });
    await devnet.reorg(6);
    await devnet.mine();
    const again = await run({ journalPath });
    expect(again.contracts.teocalli).to.equal(first.contracts.teocalli);
    await checkDeployment(l1, again);
  });

  it("gives new nonces when something else used the deployer's", async () => {
    const proxy = await CuttingProxy.start(devnet.url);
    try {
      let sent = 0;
      proxy.decide = ({ method }) => (method === "eth_sendRawTransaction" && ++sent === 5 ? "cut" : "pass");
      await failure(run({ journalPath }, proxy));
      const stranger = await devnet.provider.getSigner(account);
      await minedReceipt(await stranger.sendTransaction({ to: stranger.address, value: 1n }), systemClock);
      proxy.decide = () => "pass";
      const deployment = await run({ journalPath }, proxy);
      await checkDeployment(l1, deployment);
      expect(await nonce()).to.equal(19);
    } finally {
      await proxy.stop();
    }
  });

  it("offers more when L1's fees rose meanwhile", async () => {
    await devnet.setAutomine(false);
    const logger = new MemoryLogger();
    const running = run({}, devnet, logger);
    while ((await l1.number("eth_getTransactionCount", addressOf(account), "pending")) < 18)
      await l1.send("eth_blockNumber");
    for (let blocks = 0; blocks < 200; blocks++) {
      await devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x2540be400"]);
      await devnet.mine();
      if ((await nonce()) === 18) break;
    }
    await checkDeployment(l1, await running);
    // The nonce that waits, and L1's head.
    expect(logger.lines("verbose").some(({ fields }) => "nonce" in fields && "head" in fields)).to.equal(true);
    await devnet.request("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"]);
    await devnet.mine();
  });

  it("sends again what the pool loses while no block comes", async () => {
    const proxy = await CuttingProxy.start(devnet.url);
    try {
      await devnet.setAutomine(false);
      const polled = Promise.withResolvers<void>();
      proxy.decide = ({ method }) => {
        if (method === "eth_blockNumber") polled.resolve();
        return "pass";
      };
      const running = run({}, proxy);
      await polled.promise;
      await devnet.request("anvil_dropAllTransactions");
      await devnet.setAutomine(true);
      await checkDeployment(l1, await running);
    } finally {
      await proxy.stop();
    }
  });

  it("refuses a journal of another deployment, and one that is none", async () => {
    await run({ journalPath });
    expect((await failure(run({ journalPath, validators: [addressOf(1)] }))).code).to.equal("DEPLOYMENT_OTHER_PLAN");
    await writeFile(journalPath, '{"plan":"0x12"');
    const error = await failure(run({ journalPath }));
    expect(error.code).to.equal("DEPLOYMENT_BAD_JOURNAL");
    expect(error.message).to.contain(journalPath);
  });

  it("refuses the journal of another L1 with the same chain id", async () => {
    const other = await startDevnet({ genesisTimestamp: Math.floor(Date.now() / 1000) - 1000, accounts: 60 });
    try {
      await run({ journalPath });
      expect((await failure(run({ journalPath }, other))).code).to.equal("DEPLOYMENT_OTHER_PLAN");
    } finally {
      await other.stop();
    }
  });

  it("draws another rollup version for each deployment, and keeps a drawn one; takes one that is given", async () => {
    const first = await run({ journalPath });
    expect((await run({ journalPath })).rollupVersion).to.equal(first.rollupVersion);
    expect((await failure(run({ journalPath, name: "other" }))).code).to.equal("DEPLOYMENT_OTHER_PLAN");
    account++;
    const second = await run();
    expect(second.rollupVersion).to.not.equal(first.rollupVersion);
    expect(await read(["Rollup", second.contracts.rollup], "rollupVersion")).to.equal(second.rollupVersion);
    account++;
    expect((await run({ rollupVersion: 12n })).rollupVersion).to.equal(12n);
    expect((await failure(run({ rollupVersion: 0n }))).code).to.equal("DEPLOYMENT_BAD_PARAMETERS");
  });

  it("adds more validators than a transaction has gas for in batches", async () => {
    const validators = Array.from({ length: 300 }, (_, index) =>
      EthAddress(`0x${(index + 1).toString(16).padStart(40, "0")}`),
    );
    const { contracts } = await run({ validators, journalPath });
    const members = (await read(["ValidatorRegistry", contracts.validatorRegistry], "getValidatorsAt", 0)) as string[];
    expect([...members].map(EthAddress)).to.deep.equal(validators);
    expect(await nonce()).to.equal(20);
    // Only the deployer could, and only before the registry was initialized.
    const { steps } = JSON.parse(await readFile(journalPath, "utf8")) as { steps: Record<string, { nonce: number }> };
    expect(Object.keys(steps).filter(id => id.startsWith("ValidatorRegistry"))).to.deep.equal([
      "ValidatorRegistry",
      "ValidatorRegistry.addInitialValidators.0",
      "ValidatorRegistry.addInitialValidators.1",
      "ValidatorRegistry.initialize",
    ]);
  });

  it("mints by the owner's command what the faucet does not give in one call", async () => {
    const amount = Wei(FAUCET_CAP + 1n);
    const { contracts } = await run({ mint: [{ recipient: addressOf(5), amount }] });
    expect(await read(["L2AZT", contracts.token], "FAUCET_CAP")).to.equal(FAUCET_CAP);
    expect(await read(["L2AZT", contracts.token], "balanceOf", addressOf(5))).to.equal(amount);
  });

  it("keeps the genesis time of the interrupted deployment", async () => {
    const first = await run({ journalPath });
    await devnet.mine(5);
    expect((await run({ journalPath })).parameters.genesisTime).to.equal(first.parameters.genesisTime);
  });

  it("takes a genesis block as such, if it fits the parameters", async () => {
    const at = UnixSeconds(2_000_000_000);
    const fixed = { ...parameters, genesisTime: at };
    const deployment = await run({ parameters: fixed, genesis: genesisAt(at) });
    expect(deployment.parameters.genesisTime).to.equal(at);
    const error = await failure(run({ parameters: fixed, genesis: genesisAt(UnixSeconds(at + 1)) }));
    expect(error.code).to.equal("DEPLOYMENT_BAD_PARAMETERS");
  });

  it("says before sending anything what the contracts would refuse", async () => {
    const bad = { ...parameters, capacity: 10, exitGraceEpochs: 1 };
    const error = await failure(run({ parameters: bad }));
    expect(error.payload.problems).to.have.length(2);
    expect((await failure(run({ parameters: { ...parameters, provingRight: "quotes" } }))).message).to.contain(
      "quotes",
    );
    expect(await nonce()).to.equal(0);
  });

  it("lets several signers govern, and needs enough keys to fund", async () => {
    const signers = [addressOf(1), addressOf(2), addressOf(3)];
    const error = await failure(run({ teocalli: { signers, threshold: 2, keys: [keyOf(1)] } }));
    expect(error.code).to.equal("DEPLOYMENT_BAD_PARAMETERS");
    const { contracts } = await run({
      faucet: false,
      teocalli: { signers, threshold: 2, keys: [keyOf(3), keyOf(1)] },
      mint: [{ recipient: addressOf(5), amount: Wei(77n) }],
    });
    expect(await read(["Teocalli", contracts.teocalli], "threshold")).to.equal(2n);
    expect(await read(["L2AZT", contracts.token], "balanceOf", addressOf(5))).to.equal(77n);
    expect(await read(["Rewards", contracts.rewards], "allocationOf", contracts.rollup)).to.equal(10n ** 24n);
  });

  it("says who needs ether", async () => {
    await devnet.setBalance(addressOf(account), 10n ** 15n);
    const error = await failure(run());
    expect(error.code).to.equal("DEPLOYMENT_INSUFFICIENT_BALANCE");
    expect(error.message).to.contain(addressOf(account));
  });

  it("names the step that reverts and why, and goes on there once the cause is gone", async () => {
    // A command that a clock of long ago signs has expired on L1.
    const slow = { ...systemClock, nowMs: () => 0 };
    const request = requestOf(account, { journalPath });
    const error = await failure(deploy({ ...dependenciesAt(devnet), clock: slow }, request));
    expect(error.code).to.equal("DEPLOYMENT_STEP_FAILED");
    expect(error.payload.step).to.equal("Rewards.allocate");
    expect(error.message).to.match(/Teocalli_Expired/);
    const sent = await nonce();
    await checkDeployment(l1, await run({ journalPath }));
    expect(await nonce()).to.equal(sent + 1);
  });

  it("begins anew with other settings once the journal is deleted", async () => {
    const slow = { ...systemClock, nowMs: () => 0 };
    await failure(deploy({ ...dependenciesAt(devnet), clock: slow }, requestOf(account, { journalPath })));
    const changed = { journalPath, rewardsAllocation: Wei(1n) };
    expect((await failure(run(changed))).code).to.equal("DEPLOYMENT_OTHER_PLAN");
    await rm(journalPath);
    await checkDeployment(l1, await run(changed));
  });

  it("says when nobody answers", async () => {
    const error = await failure(deploy(dependenciesAt({ url: "http://127.0.0.1:1" }), requestOf(account)));
    expect(error.code).to.equal("DEPLOYMENT_L1_FAILED");
    expect(error.message).to.contain("check ETHEREUM_HOST");
  });

  describe("checkDeployment", () => {
    let deployment: Deployment;

    before(async () => {
      deployment = await deploy(dependenciesAt(devnet), requestOf(8));
    });

    const problemsOf = async (change: Partial<Deployment>) =>
      (await failure(checkDeployment(l1, { ...deployment, ...change }))).payload.problems;

    it("finds nothing wrong with what was deployed", async () => {
      await checkDeployment(l1, deployment);
    });

    it("names every parameter that differs", async () => {
      const differing = {
        ...deployment.parameters,
        slotDuration: 9,
        provenReward: Wei(4n * 10n ** 18n),
        openBootstrap: true,
      } as Deployment["parameters"];
      const problems = (await problemsOf({ parameters: differing })) ?? [];
      expect(problems.map(problem => problem.split(" ")[0])).to.deep.equal([
        "Rollup.slotDuration",
        "Rollup.openBootstrap",
        "Rollup.provenReward",
        "Rollup.proverShare",
      ]);
    });

    it("names contracts that are others, or not there", async () => {
      const { contracts } = deployment;
      expect((await problemsOf({ contracts: { ...contracts, inbox: contracts.outbox } }))?.join()).to.contain(
        "Rollup.inbox",
      );
      expect(await problemsOf({ contracts: { ...contracts, token: addressOf(1) } })).to.deep.equal([
        `there is no contract token at ${addressOf(1)}`,
      ]);
    });

    it("notices another chain, key tree, genesis", async () => {
      expect((await problemsOf({ chainId: 1n }))?.join()).to.contain("the chain id");
      expect((await problemsOf({ keyTreeRoot: Field(99) }))?.join()).to.contain("Rollup.keyTreeRoot");
      const { header } = deployment.genesis;
      expect((await problemsOf({ genesis: { header, archive: Field(98) } }))?.join()).to.contain("the genesis archive");
      expect(
        (
          await problemsOf({
            genesis: { header: { ...header, stateHash: Field(97) }, archive: deployment.genesis.archive },
          })
        )?.join(),
      ).to.contain("the genesis accumulator");
    });
  });
});
