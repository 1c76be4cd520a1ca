import { SimulatedBackend } from "@sprtn/circuits-client";
import { createFieldHasher } from "@sprtn/circuits-client/hasher";
import { L1DepositClient, L1Endpoints, privateKeyFrom, PrivateKeySigner, TransactionSender } from "@sprtn/l1-client";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { createLogger } from "@sprtn/observability";
import { observabilitySettings } from "@sprtn/observability/settings";
import { systemClock as clock, systemRandom as random } from "@sprtn/observability/system";
import { createNodeClient } from "@sprtn/rpc/client";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { MemoryKvStore } from "@sprtn/storage";
import { Wallet, walletSettingsFrom } from "@sprtn/wallet";
import { walletSettings } from "@sprtn/wallet/settings";

// Every lib declares its settings; without sources they have their defaults: L1 at 127.0.0.1:8545.
const { settings } = parseSettings(composeSettings({ l1: l1Settings, sender: l1PublisherSettings, wallet: walletSettings, log: observabilitySettings }), { env: process.env });
const logger = createLogger({ clock }, settings.log, "sample");
const hasher = await createFieldHasher({ logger }, { kind: "simd" });
const node = createNodeClient(process.env.NODE_URL ?? "http://127.0.0.1:8080", { hasher });
const proofs = new SimulatedBackend({ hasher, clock }, { baseDelayMs: 0 });
const wallet = await Wallet.open({ hasher, random, clock, kv: new MemoryKvStore(), node, proofs }, walletSettingsFrom(settings.wallet, { seed: random.bytes(32), accounts: 2 }));
const [alice, bob] = wallet.accounts();
if (alice === undefined || bob === undefined) process.exit(1);

// L1: tokens from the faucet, through FeePortal, to Alice's L2 address.
const endpoints = new L1Endpoints({ logger }, settings.l1);
const signer = new PrivateKeySigner({}, { privateKey: privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index: 0 }) });
const sender = new TransactionSender({ endpoints, signer, clock, logger }, { ...settings.sender, pollingIntervalMs: settings.l1.pollingIntervalMs });
const portal = new L1DepositClient({ sender, endpoints }, { contracts: await node.getL1ContractAddresses() });
const request = { recipient: alice.address, amount: 10n ** 18n, secretHash: await wallet.newDepositSecret() };
await portal.mint(request.amount);
const message = await portal.deposit(request);

// L2: claim the deposit, then pay Bob; each transaction is followed until it is in a block on L1.
const claim = await wallet.claimDeposit({ ...request, messageHash: message.hash, globalIndex: message.globalIndex, l1Transaction: message.transactionHash });
for await (const { stage, block, fee } of wallet.watch(claim)) {
  console.log("deposit", stage, block?.number, fee);
  if (stage === "pending") break;
}
const payment = await wallet.pay({ kind: "transfer", from: alice.index, to: bob.address, amount: 1_000n });
for await (const { stage, block, fee } of wallet.watch(payment)) {
  console.log("payment", stage, block?.number, fee);
  if (stage === "pending") break;
}
console.log("Bob has", await node.getPublicBalance(bob.address), "wei");
endpoints.close();
hasher.close();
