import { expect } from "chai";
import type { Gossip, GossipHandler, Topic } from "@sprtn/ports";

/** What one member listens to. */
export type GossipSubscriptions = readonly { readonly topic: Topic; readonly handler: GossipHandler }[];

/** The network that an implementation opens for the suite: members that are connected with each other. */
export interface OpenGossip {
  readonly members: readonly Gossip[];
  close(): Promise<void>;
}

/** Makes one member for each element, each subscribed, and resolves when every one of them hears every other. */
export type OpenGossipNetwork = (members: readonly GossipSubscriptions[]) => Promise<OpenGossip>;

const encode = (value: string) => new TextEncoder().encode(value);

/** Records what a handler gets, and lets a test wait for it. */
class Inbox {
  readonly got: string[] = [];
  #waiting: (() => void) | undefined;

  readonly handler: GossipHandler = ({ data, from }) => {
    expect(from).to.be.a("string").with.length.above(0);
    this.got.push(new TextDecoder().decode(data));
    this.#waiting?.();
    return { result: "accept" };
  };

  /** Resolves when all of `messages` have come. */
  async has(...messages: string[]): Promise<void> {
    while (!messages.every(message => this.got.includes(message))) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      await promise;
    }
  }
}

/** Tests that every implementation of Gossip passes. Runs under mocha. */
export function gossipCompliance(name: string, open: OpenGossipNetwork): void {
  describe(`${name} complies with Gossip`, () => {
    let network: OpenGossip | undefined;

    afterEach(async () => {
      await network?.close();
      network = undefined;
    });

    async function members(...subscriptions: GossipSubscriptions[]): Promise<readonly [Gossip, Gossip, Gossip]> {
      network = await open(subscriptions);
      return network.members as unknown as readonly [Gossip, Gossip, Gossip];
    }

    it("delivers to everyone but the publisher, once", async () => {
      const inboxes = [new Inbox(), new Inbox(), new Inbox()] as const;
      const [a, b, c] = await members(...inboxes.map(({ handler }) => [{ topic: "tx" as const, handler }]));
      expect(await a.publish("tx", encode("from a")), "peers that it went to").to.be.greaterThan(0);
      await b.publish("tx", encode("from b"));
      await c.publish("tx", encode("from c"));
      await Promise.all([
        inboxes[0].has("from b", "from c"),
        inboxes[1].has("from a", "from c"),
        inboxes[2].has("from a", "from b"),
      ]);
      for (const inbox of inboxes) expect(inbox.got).to.have.length(2);
    });

    it("keeps topics apart", async () => {
      const tx = new Inbox();
      const quote = new Inbox();
      const [a] = await members(
        [
          { topic: "tx", handler: () => ({ result: "accept" }) },
          { topic: "epoch_proof_quote", handler: () => ({ result: "accept" }) },
        ],
        [
          { topic: "tx", handler: tx.handler },
          { topic: "epoch_proof_quote", handler: quote.handler },
        ],
      );
      await a.publish("tx", encode("same"));
      await a.publish("epoch_proof_quote", encode("same"));
      await a.publish("epoch_proof_quote", encode("other"));
      await Promise.all([tx.has("same"), quote.has("same", "other")]);
      expect(tx.got).to.deep.equal(["same"]);
    });

    it("runs the handler once for equal content, whoever sends it", async () => {
      const inbox = new Inbox();
      const accept = [{ topic: "tx" as const, handler: () => ({ result: "accept" as const }) }];
      const [a, b] = await members(accept, accept, [{ topic: "tx", handler: inbox.handler }]);
      await Promise.all([a.publish("tx", encode("twice")), b.publish("tx", encode("twice"))]);
      await Promise.all([a.publish("tx", encode("end of a")), b.publish("tx", encode("end of b"))]);
      await inbox.has("twice", "end of a", "end of b");
      expect(inbox.got.filter(message => message === "twice")).to.have.length(1);
    });

    it("goes on after a handler's throw", async () => {
      const inbox = new Inbox();
      const handler: GossipHandler = async message => {
        const verdict = await inbox.handler(message);
        if (inbox.got.at(-1) === "bad") throw new RangeError("a handler's bug");
        return verdict;
      };
      const [a] = await members([{ topic: "tx", handler: () => ({ result: "accept" }) }], [{ topic: "tx", handler }]);
      await a.publish("tx", encode("bad"));
      await a.publish("tx", encode("good"));
      await inbox.has("bad", "good");
    });

    it("does not let a slow verdict hold up other messages", async () => {
      const inbox = new Inbox();
      const held = Promise.withResolvers<void>();
      const handler: GossipHandler = async message => {
        const verdict = await inbox.handler(message);
        if (inbox.got.at(-1) === "slow") await held.promise;
        return verdict;
      };
      const [a] = await members([{ topic: "tx", handler: () => ({ result: "accept" }) }], [{ topic: "tx", handler }]);
      await a.publish("tx", encode("slow"));
      await inbox.has("slow");
      await a.publish("tx", encode("quick"));
      await inbox.has("quick");
      held.resolve();
    });

    it("sends what the data was when it was published", async () => {
      const inbox = new Inbox();
      const [a] = await members(
        [{ topic: "tx", handler: () => ({ result: "accept" }) }],
        [{ topic: "tx", handler: inbox.handler }],
      );
      const data = encode("before");
      await a.publish("tx", data);
      data.fill(0);
      await inbox.has("before");
      expect(inbox.got).to.deep.equal(["before"]);
    });
  });
}
