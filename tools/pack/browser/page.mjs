// What the page test runs in Chromium: a client transfer, proven and verified, in somebody else's page.
import { browserClock, openBrowserBackend } from "@sprtn/circuits-client/browser";
import { SimdFieldHasher } from "@sprtn/field-hasher/simd";
import { fieldToHex } from "@sprtn/primitives";
import { encodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { transferCircuit } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { MirroredKvStore } from "@sprtn/storage/browser";
import { FakeNode, FakeProofBackend, SeededRandom } from "@sprtn/testing";
import { kvStoreCompliance } from "@sprtn/testing/compliance";
import { deriveAccountKeys, Wallet } from "@sprtn/wallet";

const TRANSFER = 1;

/** Proves a transfer `times` times; figures and whether what must hold held. */
globalThis.proveTransfer = async (settings, times = 1) => {
  const { backend, crs, threads, isolated } = await openBrowserBackend(settings);
  const witness = witnesses[TRANSFER];
  try {
    const seconds = [];
    let proof;
    for (let i = 0; i < times; i++) {
      const began = performance.now();
      proof = await backend.prove("transfer", encodeTransferWitness(witness));
      seconds.push((performance.now() - began) / 1000);
    }
    const expected = publicInputsToFields(transferCircuit(new SimdFieldHasher(), witness));
    return {
      crs,
      threads,
      isolated,
      seconds,
      bytes: proof.bytes.length,
      sameInputs: proof.publicInputs.map(fieldToHex).join() === expected.map(fieldToHex).join(),
      verified: await backend.verify(proof),
      spoiledVerified: await backend.verify({ ...proof, bytes: proof.bytes.with(100, proof.bytes[100] ^ 1) }),
    };
  } finally {
    await backend.close();
  }
};

/** The code, text and time of what goes wrong. */
globalThis.failureOf = async settings => {
  const began = performance.now();
  try {
    await globalThis.proveTransfer(settings);
    return { code: "none" };
  } catch (error) {
    return { code: error.code ?? String(error), message: error.message, seconds: (performance.now() - began) / 1000 };
  }
};
/** A wallet whose records are in IndexedDB: it pays, and is there again when it is opened anew. */
globalThis.payFromNotes = async () => {
  const hasher = new SimdFieldHasher();
  const seed = new Uint8Array(32).fill(1);
  const { address } = deriveAccountKeys(hasher, seed, 0);
  const node = new FakeNode({ hasher, balances: new Map([[address, 10n ** 18n]]) });
  const proofs = new FakeProofBackend(hasher);
  const fees = { publicMarginPercent: 300, notesMarginPercent: 150, priorityFees: { perL2Gas: 0n, perDaGas: 0n } };
  const settings = { seed, accounts: 1, pollMs: 1_000, lifetimeEpochs: 1, notesKept: 16, fees };
  const withWallet = async work => {
    const kv = await MirroredKvStore.open("page-test-wallet");
    try {
      const random = new SeededRandom(7);
      return await work(await Wallet.open({ hasher, random, clock: browserClock, kv, node, proofs }, settings));
    } finally {
      await kv.close();
    }
  };
  const notesOf = async wallet => {
    await wallet.sync();
    return wallet.notes(0).map(({ value, spentIn }) => [String(value), spentIn]);
  };
  const before = await withWallet(async wallet => {
    const [{ paymentAddress }] = wallet.accounts();
    await wallet.pay({ kind: "shield", from: 0, to: paymentAddress, amount: 10n ** 16n });
    node.mine();
    await wallet.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n, amount: 7n, fee: { account: 0 } });
    node.mine();
    return notesOf(wallet);
  });
  const again = await withWallet(wallet => ({ scannedTo: wallet.scannedTo(), notes: wallet.notes(0).length }));
  return { before, again, paid: String(await node.getPublicBalance(5n)) };
};
/** What the compliance suite of stores says of the one in IndexedDB: its tests by name, and why each failed. */
globalThis.checkStore = async () => {
  const tests = [];
  const hooks = { before: [], after: [] };
  Object.assign(globalThis, {
    describe: (_, declare) => declare(),
    it: (name, run) => tests.push({ name, run }),
    beforeEach: hook => hooks.before.push(hook),
    afterEach: hook => hooks.after.push(hook),
  });
  let opened = 0;
  kvStoreCompliance("MirroredKvStore", () => MirroredKvStore.open(`page-test-store-${opened++}`));
  const results = [];
  for (const { name, run } of tests) {
    for (const hook of hooks.before) await hook();
    const failure = await run().then(
      () => null,
      error => String(error),
    );
    for (const hook of hooks.after) await hook();
    results.push({ name, failure });
  }
  return results;
};
globalThis.ready = true;
