import { parseSettings } from "@sprtn/settings";
import { expect } from "chai";
import { configVerbSettings } from "../settings.js";
import { askWith } from "./ask.js";
import { draftOf } from "./draft.js";

const KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("what config asks", () => {
  /** Answers in order; hears what was asked. */
  const people = (...answers: string[]) => {
    const asked: string[] = [];
    const next = (message: string) => {
      asked.push(message);
      return answers.shift() ?? expect.fail(`nobody answers ${message}`);
    };
    const prompter = {
      choose: async (message: string) => next(message),
      ask: async (message: string, _: string, check: (value: string) => string | undefined) => {
        const answer = next(message);
        expect(check(answer)).to.equal(undefined);
        return answer;
      },
      askSecret: async (message: string) => next(message),
    };
    return { asked, prompter, left: () => answers.length };
  };
  const given = (...args: string[]) => parseSettings(configVerbSettings, { args }).settings.node;
  const earlier = (variables: Record<string, string> = {}) => ({
    directory: "/srv/v1",
    variables: new Map(Object.entries(variables)),
    set: [],
  });

  it("is all that a validator needs", async () => {
    const { prompter, left } = people("validator", "http://b:1", "http://l1:2", "", KEY);
    const asked = await askWith(prompter, given(), earlier());
    const draft = await draftOf({ ...asked.given, role: "validator" }, asked.earlier);
    expect([draft.bootnodeUrl, draft.ethereumHosts, draft.privateKey, left()]).to.deep.equal([
      "http://b:1",
      ["http://l1:2"],
      `0x${KEY}`,
      0,
    ]);
  });

  it("is nothing that was given or is set up", async () => {
    const flags = given("--role", "validator", "--join", "http://b:1", "--ethereum-host", "http://l1:2");
    const { asked, prompter } = people();
    await askWith(prompter, flags, earlier({ SEQ_PUBLISHER_PRIVATE_KEY: KEY }));
    await askWith(prompter, given("--role", "prover-agent", "--prover-broker-host", "http://p:1"), earlier());
    expect(asked).to.deep.equal([]);
  });

  it("a key that is none has a code", async () => {
    const { prompter } = people("", "hello");
    const flags = given("--role", "validator", "--join", "http://b:1", "--ethereum-host", "http://l1:2");
    const error = await askWith(prompter, flags, earlier()).catch((cause: unknown) => cause as { code: string });
    expect(error).to.have.property("code", "OPERATOR_BAD_KEY");
  });
});
