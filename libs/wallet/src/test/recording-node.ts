import type { FakeNode } from "@sprtn/testing";
import type { WalletNode } from "../wallet.js";

/** Every request that a wallet makes, with its parameters; of a transaction only that it was sent. */
export class RecordingNode {
  readonly requests: string[] = [];
  readonly node: FakeNode;

  constructor(inner: FakeNode) {
    this.node = new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          const said = name === "sendTx" || name === "getTxReceipt" ? "…" : args.join(",");
          this.requests.push(`${String(name)}(${said})`);
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  }

  /** What was asked since the last time, each method's name once. */
  methods(): (keyof WalletNode)[] {
    return [...new Set(this.requests.map(request => request.slice(0, request.indexOf("(")) as keyof WalletNode))];
  }
}
