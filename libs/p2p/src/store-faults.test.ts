import { SeededRandom } from "@sprtn/testing";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { toHex } from "@sprtn/primitives";
import { kvIdentityStore, loadOrCreateIdentity } from "./identity.js";

storeFaultCompliance("a node's identity", () => {
  let random: SeededRandom;
  let key = "none";
  let load: () => Promise<void>;
  return {
    open: async store => {
      random = new SeededRandom(1);
      load = async () => void (key = toHex((await loadOrCreateIdentity(random, kvIdentityStore(store))).raw));
    },
    steps: [() => load(), () => load()],
    // Another identity is as good; what counts is that it stays.
    view: async () => {
      await load();
      const first = key;
      await load();
      return { stays: first === key };
    },
  };
});
