import { teocalliAbi } from "@sprtn/contracts";
import { Bytes32 } from "@sprtn/primitives";
import { expect } from "chai";
import { AbiCoder, computeAddress, Interface } from "ethers";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import type { L1Account, L1Call } from "../l1/l1-account.js";
import { l1PlaceOf } from "../l1/l1-place.js";
import { type CommandFile, decodeCommandFile, encodeCommandFile } from "../teocalli/command-file.js";
import { ADDRESS, BOOTNODE, KEY, L1, OTHER_KEY, validator, withNetwork } from "../test/example.js";
import { FakeOperatorHost } from "../test/fake-operator-host.js";
import { commandReport, describeCommand, executeCommand, proposeCommand, signCommandFile } from "./teocalli.js";

const TEOCALLI = `0x${"7e".repeat(20)}`;
const VALIDATOR = `0x${"1a".repeat(20)}`;
const OTHER = computeAddress(OTHER_KEY).toLowerCase();
const STRANGER_KEY = Bytes32(`0x${"5".repeat(64)}`);
const DAY_MS = 86_400_000;
const teocalli = new Interface(teocalliAbi);
const { signal } = new AbortController();

describe("commands of Teocalli", () => {
  let host: FakeOperatorHost;
  let state: { nonce: number; threshold: number; signers: string[] };
  let sent: L1Call[];
  const account: L1Account = {
    address: ADDRESS,
    send: async call => {
      sent.push(call);
      return "0x1";
    },
  };
  const place = () => l1PlaceOf(host, "/srv/v1");
  const propose = async () =>
    proposeCommand(host, await place(), {
      calls: { action: "addValidator", validators: [VALIDATOR] },
      expiresMs: DAY_MS,
    });
  const report = async (file: CommandFile) => commandReport(host, await place(), file);
  const failure = async (work: Promise<unknown>) => {
    const error = (await work.catch((cause: unknown) => cause)) as { code: string };
    expect(sent).to.deep.equal([]);
    return error.code;
  };

  beforeEach(() => {
    sent = [];
    state = { nonce: 3, threshold: 2, signers: [ADDRESS, OTHER] };
    host = withNetwork(new FakeOperatorHost());
    host.disk.set("/srv/v1/.env", envText(envVariables(validator), undefined));
    const info = host.endpoints.get(BOOTNODE)?.node_getNodeInfo?.([]) as { contracts: object };
    host.endpoints.set(BOOTNODE, {
      node_getNodeInfo: () => ({ ...info, contracts: { ...info.contracts, teocalli: TEOCALLI } }),
    });
    host.endpoints.set(L1, {
      ...host.endpoints.get(L1),
      eth_call: ([call]) => {
        const name = teocalli.parseTransaction(call as { data: string })?.name ?? "";
        const value = { nonce: state.nonce, threshold: state.threshold, getSigners: state.signers }[name];
        return teocalli.encodeFunctionResult(name, [value]);
      },
    });
  });

  it("goes from proposal over signers to L1", async () => {
    let file = await propose();
    expect([file.command.nonce, file.teocalli]).to.deep.equal([3, TEOCALLI]);
    expect((await report(file)).obstacles.join()).to.contain("0 of 2 signatures");
    for (const key of [KEY, OTHER_KEY]) {
      // Each gets it as a file.
      file = decodeCommandFile("command.json", encodeCommandFile(file));
      file = await signCommandFile(file, Bytes32(key));
    }
    const ready = await report(file);
    expect([ready.obstacles, ready.signedBy.toSorted()]).to.deep.equal([[], [ADDRESS, OTHER].toSorted()]);
    await executeCommand({ account, signal }, file, ready);
    const [call] = sent as [L1Call];
    expect(call.to).to.equal(TEOCALLI);
    const [cmd] = teocalli.decodeFunctionData("execute", call.data) as unknown as [string];
    const shape = ["(address target,uint256 value,bytes data)[]", "uint256", "uint256", "bytes[]"];
    const [calls, nonce, , signatures] = AbiCoder.defaultAbiCoder().decode(shape, cmd);
    expect([calls.length, nonce, signatures.length]).to.deep.equal([1, 3n, 2]);
  });

  it("is described with and without the network", async () => {
    const file = await propose();
    expect((await report(file)).calls).to.deep.equal([`addValidator(${VALIDATOR}) of validatorRegistry`]);
    expect(describeCommand(file)[0]).to.match(/^addValidator\(0x1a.*\) of 0xcd/);
    const calls = async (target: string, data: string, value = 0n) =>
      (
        await report(
          await proposeCommand(host, await place(), { calls: { action: "call", target, data, value }, expiresMs: 1 }),
        )
      ).calls.join();
    expect(await calls(VALIDATOR, "0x", 7n))
      .to.contain("transfer")
      .and.contain("no contract")
      .and.contain("7 wei");
    expect(await calls(TEOCALLI, "0xdeadbeef00")).to.contain("UNKNOWN CALL 0xdeadbeef");
  });

  it("strangers' signatures and second ones of the same signer count for nothing", async () => {
    const file = await signCommandFile(await propose(), STRANGER_KEY);
    const signed = await signCommandFile(file, Bytes32(KEY));
    const twice = { ...signed, signatures: [...signed.signatures, ...signed.signatures] };
    const { strangers, signedBy, obstacles } = await report(twice);
    expect([strangers.length, signedBy, obstacles.length]).to.deep.equal([1, [ADDRESS], 1]);
    expect(await failure(executeCommand({ account, signal }, twice, await report(twice)))).to.equal("OPERATOR_USAGE");
    expect(await failure(signCommandFile(signed, Bytes32(KEY)))).to.equal("OPERATOR_USAGE");
  });

  it("a changed command has nobody's signatures", async () => {
    const file = await signCommandFile(await propose(), Bytes32(KEY));
    const changed = { ...file, command: { ...file.command, calls: [] } };
    expect((await report(changed)).signedBy).to.deep.equal([]);
  });

  it("is not executed before its turn, after it, or when it has expired", async () => {
    state.threshold = 1;
    const file = await signCommandFile(await propose(), Bytes32(KEY));
    const obstacle = async () => (await report(file)).obstacles.join();
    expect(await obstacle()).to.equal("");
    state.nonce = 2;
    expect(await obstacle()).to.contain("come first");
    state.nonce = 4;
    expect(await obstacle()).to.contain("used up");
    state.nonce = 3;
    host.wait(DAY_MS - 1_000);
    expect(await obstacle()).to.equal("");
    host.wait(2_000);
    expect(await obstacle()).to.contain("expired");
    expect(await failure(executeCommand({ account, signal }, file, await report(file)))).to.equal("OPERATOR_USAGE");
  });

  it("one of another network is refused", async () => {
    const file = await propose();
    for (const other of [{ chainId: 1n }, { teocalli: file.command.calls[0]?.target as CommandFile["teocalli"] }])
      expect(await failure(report({ ...file, ...other }))).to.equal("OPERATOR_FOREIGN_DEPLOYMENT");
  });

  it("needs somebody to add", async () => {
    const calls = { action: "addValidator", validators: [] } as const;
    expect(await failure(proposeCommand(host, await place(), { calls, expiresMs: 1 }))).to.equal("OPERATOR_USAGE");
  });

  it("a file of anything else is refused, field by field", async () => {
    const whole = JSON.parse(encodeCommandFile(await signCommandFile(await propose(), Bytes32(KEY)))) as object;
    const decode = (content: unknown) => () => decodeCommandFile("c.json", JSON.stringify(content));
    expect(decode(whole)).to.not.throw();
    const broken: object[] = [
      { version: 2 },
      { chainId: 1 },
      { chainId: "-1" },
      { teocalli: "0x12" },
      { nonce: -1 },
      { nonce: 1.5 },
      { deadline: "soon" },
      { calls: {} },
      { calls: [{ target: VALIDATOR, value: "x", data: "0x" }] },
      { calls: [{ target: VALIDATOR, value: "1", data: "0x1" }] },
      { calls: [null] },
      { calls: Array.from({ length: 201 }, () => ({ target: VALIDATOR, value: "1", data: "0x" })) },
      { signatures: ["0x12"] },
      { signatures: null },
    ];
    for (const change of broken) expect(decode({ ...whole, ...change }), JSON.stringify(change)).to.throw("no command");
    for (const text of ["", "[]", "null", " ".repeat(2 ** 20) + JSON.stringify(whole)])
      expect(() => decodeCommandFile("c.json", text), text.trim()).to.throw("no command");
  });
});
