import { readFileSync } from "node:fs";
import { expect } from "chai";
import { testSettings } from "../test/test-settings.js";

const spec = readFileSync(new URL("../../../protocol/spec/limits.md", import.meta.url), "utf8");
/** A row's bound, as the specification words it. */
const boundOf = (id: string) =>
  new RegExp(`^\\| \\*\\*${id}\\*\\* (?:\\|[^|]*){2}\\|([^|]*)`, "m").exec(spec)?.[1] ?? "";
const count = (value: number) => value.toLocaleString("en-US");

describe("limits that are settings", () => {
  const { p2p, txPool, rpc } = testSettings();
  for (const [id, phrases] of [
    ["LIMIT-5", [`${p2p.maxPeers} peers`, `${p2p.maxPeersPerAddress} connections an address`]],
    ["LIMIT-15", [count(txPool.maxTxs), `${txPool.maxBytes / 1e6} MB`]],
    ["LIMIT-16", [`${txPool.peerTxsPerSecond} a second`, `${txPool.peerBurst} at once`]],
    [
      "LIMIT-21",
      [
        count(rpc.maxConnections),
        `of an address ${rpc.maxConnectionsPerAddress};`,
        `${rpc.headersTimeoutMs / 1000} s for headers`,
        `${rpc.bodyTimeoutMs / 1000} s and`,
      ],
    ],
    [
      "LIMIT-22",
      [
        `${rpc.requestTimeoutMs / 1000} s a request`,
        `${count(rpc.workPerSecond)} units of work a second of an address`,
        `${count(rpc.workBurst)} at once`,
        `${count(rpc.totalWorkPerSecond)} units a second in all`,
      ],
    ],
  ] as const)
    it(`${id}: the defaults are the specification's figures`, () => {
      for (const phrase of phrases) expect(boundOf(id)).to.contain(phrase);
    });
});
