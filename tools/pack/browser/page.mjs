// What the page test runs in Chromium: a client transfer, proven and verified, in somebody else's page.
import { openBrowserBackend, SimdFieldHasher } from "@sprtn/circuits-client/browser";
import { fieldToHex } from "@sprtn/primitives";
import { encodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { transferCircuit } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";

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
globalThis.ready = true;
