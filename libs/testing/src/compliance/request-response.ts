import { expect } from "chai";
import { CodedError, equalBytes } from "@sprtn/primitives";
import type { RequestHandler, RequestProtocol, RequestResponse } from "@sprtn/ports";

/** What one member answers. */
export type ServedProtocols = Partial<Record<RequestProtocol, RequestHandler>>;

/** A member, with the name that others ask it by. */
export interface RequestMember {
  /** The name by which the others know it. */
  readonly id: string;
  readonly requests: RequestResponse;
}

/** The network that an implementation opens for the suite: members that are connected with each other. */
export interface OpenRequests {
  readonly members: readonly RequestMember[];
  close(): Promise<void>;
}

/** Makes one member for each element and resolves when every one of them is every other's peer. */
export type OpenRequestNetwork = (members: readonly ServedProtocols[]) => Promise<OpenRequests>;

async function refusal(promise: Promise<unknown>): Promise<CodedError> {
  const error = await promise.then(
    () => expect.fail("answered"),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(CodedError);
  return error as CodedError;
}

/** Tests that every implementation of RequestResponse passes. They serve `txs` only. Runs under mocha. */
export function requestResponseCompliance(name: string, open: OpenRequestNetwork): void {
  describe(`${name} complies with RequestResponse`, () => {
    let network: OpenRequests | undefined;

    afterEach(async () => {
      await network?.close();
      network = undefined;
    });

    async function members(
      ...served: ServedProtocols[]
    ): Promise<readonly [RequestMember, RequestMember, RequestMember]> {
      network = await open(served);
      return network.members as unknown as readonly [RequestMember, RequestMember, RequestMember];
    }

    it("brings the answer back and tells the handler who asks what", async () => {
      const seen: { data: number[]; from: string }[] = [];
      const [a, b] = await members(
        {},
        {
          txs: async ({ data, from }) => {
            seen.push({ data: [...data], from });
            return Uint8Array.of(...data, 9);
          },
        },
      );
      expect([...(await a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1, 2) }))]).to.deep.equal([
        1, 2, 9,
      ]);
      expect([...(await a.requests.request(b.id, { protocol: "txs", data: new Uint8Array() }))]).to.deep.equal([9]);
      expect(seen).to.deep.equal([
        { data: [1, 2], from: a.id },
        { data: [], from: a.id },
      ]);
    });

    it("lists the other members as peers", async () => {
      const [a, b, c] = await members({}, {}, {});
      expect(a.requests.peers().toSorted()).to.deep.equal([b.id, c.id].toSorted());
      expect(b.requests.peers().toSorted()).to.deep.equal([a.id, c.id].toSorted());
    });

    it("keeps concurrent requests apart", async () => {
      const [a, b] = await members({}, { txs: async ({ data }) => Uint8Array.of(1, ...data) });
      const answers = await Promise.all(
        [7, 8, 9].map(n => a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(n) })),
      );
      expect(answers.map(answer => [...answer])).to.deep.equal([
        [1, 7],
        [1, 8],
        [1, 9],
      ]);
    });

    it("carries an answer of a megabyte", async () => {
      const content = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) % 251);
      const [a, b] = await members({}, { txs: async () => content });
      const answer = await a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1) });
      expect(equalBytes(answer, content)).to.equal(true);
    });

    it("passes on a refusal's code and never its text", async () => {
      const [a, b] = await members(
        {},
        {
          txs: async ({ data }) => {
            if (data[0] === 1) throw new CodedError("TX_UNKNOWN", "a secret of the server");
            throw new RangeError("a secret of the server");
          },
        },
      );
      const coded = await refusal(a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1) }));
      expect(coded.message).to.include("TX_UNKNOWN").and.not.include("secret");
      expect(
        (await refusal(a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(2) }))).message,
      ).to.not.include("secret");
    });

    it("throws coded errors for what is not served and for who is not there", async () => {
      const [a, b] = await members({}, {});
      await refusal(a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1) }));
      await refusal(a.requests.request("nobody", { protocol: "txs", data: Uint8Array.of(1) }));
    });

    it("gives up when its signal fires, before and during", async () => {
      const asked = Promise.withResolvers<void>();
      const held = Promise.withResolvers<Uint8Array>();
      const [a, b] = await members(
        {},
        {
          txs: () => {
            asked.resolve();
            return held.promise;
          },
        },
      );
      await refusal(a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1) }, AbortSignal.abort()));
      const controller = new AbortController();
      const refused = refusal(a.requests.request(b.id, { protocol: "txs", data: Uint8Array.of(1) }, controller.signal));
      await asked.promise;
      controller.abort();
      await refused;
      held.resolve(new Uint8Array());
    });

    it("lists a penalised peer last", async () => {
      const [a] = await members({}, {}, {});
      const [first, second] = a.requests.peers() as [string, string];
      a.requests.penalize(first, "severe", "TXS_WRONG");
      expect(a.requests.peers()).to.deep.equal([second, first]);
    });
  });
}
