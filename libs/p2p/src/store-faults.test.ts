import { SeededRandom } from "@sprtn/testing";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { toHex } from "@sprtn/primitives";
import { kvIdentityStore, loadOrCreateIdentity } from "./identity.js";

storeFaultCompliance("a node's identity", () => {
  const random = new SeededRandom(1);
  const keys = new Set<string>();
  let load: () => Promise<void>;
  return {
    open: async store => {
      load = async () => void keys.add(toHex((await loadOrCreateIdentity(random, kvIdentityStore(store))).raw));
    },
    steps: [() => load(), () => load()],
    // Another identity is as good; what counts is that one that was used stays.
    view: async () => {
      await load();
      return { identities: keys.size };
    },
  };
});
