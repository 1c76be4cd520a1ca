import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { concatBytes } from "@sprtn/primitives";
import { isAbortError } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { type BarretenbergSetup, barretenbergSetup, tinyKeys } from "../../test/barretenberg-setup.js";
import { errorOf, expectCode, flipped, proofEngineCompliance } from "../../test/proof-engine-compliance.js";
import { proofTargets, tinyCircuit, type TinyKeys } from "../../test/tiny-circuit.js";
import {
  BarretenbergErrorCode,
  type MadeProof,
  NativeProofEngine,
  type NativeProofEngineSettings,
  type ProveRequest,
  type VerifyRequest,
} from "../index.js";

/** Logs what is started, so that a test can wait for it: the first line with a pid is about its start. */
class StartLogger extends MemoryLogger {
  #started = Promise.withResolvers<number>();
  readonly #jobs = new Map<number, unknown>();

  override debug(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    super.debug(message, fields);
    const { pid, job } = fields;
    if (typeof pid !== "number" || this.#jobs.has(pid)) return;
    this.#jobs.set(pid, job);
    this.#started.resolve(pid);
    this.#started = Promise.withResolvers();
  }

  /** What each bb was started for. */
  jobs(): readonly unknown[] {
    return [...this.#jobs.values()];
  }

  /** The pid of the next bb. */
  next(): Promise<number> {
    return this.#started.promise;
  }
}

describe("NativeProofEngine", () => {
  proofEngineCompliance(
    async () => new NativeProofEngine({ logger: new MemoryLogger() }, await barretenbergSetup()),
    tinyKeys,
  );

  describe("and its processes", () => {
    const target = "noir-recursive" as const;
    const open: NativeProofEngine[] = [];
    let setup: BarretenbergSetup;
    let keys: TinyKeys;
    let folder: string;
    let proving: ProveRequest;
    let valid: VerifyRequest;

    const engineWith = (settings: Partial<NativeProofEngineSettings> = {}) => {
      const logger = new StartLogger();
      const engine = new NativeProofEngine({ logger }, { ...setup, ...settings });
      open.push(engine);
      return { engine, logger };
    };

    const program = (name: string, text: string, mode = 0o755): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode });
      return path;
    };

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "sprtn-test-"));
      [setup, keys] = await Promise.all([barretenbergSetup(), tinyKeys()]);
      proving = { bytecode: tinyCircuit.bytecode, witness: tinyCircuit.witness, verificationKey: keys[target], target };
      const made: MadeProof = await engineWith().engine.prove(proving);
      valid = { ...made, verificationKey: keys[target], target };
    });
    after(async () => {
      await Promise.all(open.map(engine => engine.close()));
      rmSync(folder, { recursive: true });
    });

    it("kills the one that makes a proof nobody wants any more, before it says so", async () => {
      const { engine, logger } = engineWith();
      const controller = new AbortController();
      const started = logger.next();
      const error = errorOf(engine.prove(proving, controller.signal));
      const pid = await started;
      controller.abort();
      expect(await error).to.satisfy(isAbortError);
      expect(lives(pid)).to.equal(false);
    });

    it("verifies while another one proves, however long that takes", async () => {
      const { engine, logger } = engineWith();
      const started = logger.next();
      const proof = engine.prove(proving);
      const pid = await started;
      process.kill(pid, "SIGSTOP");
      expect(await engine.verify(valid)).to.equal(true);
      expect(lives(pid)).to.equal(true);
      process.kill(pid, "SIGCONT");
      expect((await proof).proof).to.have.length(valid.proof.length);
      expect(lives(pid)).to.equal(false);
    });

    it("says what a proof took, where the system does", async () => {
      const { usage } = await engineWith().engine.prove(proving);
      if (process.platform !== "linux") return expect(usage).to.equal(undefined);
      expect(usage?.cpuSeconds).to.be.within(0.01, 10);
      return expect(usage?.peakMemoryBytes).to.be.within(2 ** 22, 2 ** 28);
    });

    it("starts another verifier when one was killed: between two proofs, and in the middle of one", async () => {
      const { engine, logger } = engineWith();
      const [first, second] = [logger.next(), engine.verify(valid)];
      const pid = await first;
      expect(await second).to.equal(true);
      process.kill(pid, "SIGKILL");
      const third = logger.next();
      expect(await engine.verify(valid)).to.equal(true);
      const another = await third;
      process.kill(another, "SIGSTOP");
      const fourth = engine.verify(valid);
      process.kill(another, "SIGKILL");
      expect(await fourth).to.equal(true);
    });

    it("spreads verifications over as many as it is told to", async () => {
      const { engine, logger } = engineWith({ verifiers: 2 });
      expect(await Promise.all(Array.from({ length: 6 }, () => engine.verify(valid)))).to.deep.equal(
        Array(6).fill(true),
      );
      expect(logger.jobs()).to.deep.equal(["verify", "verify"]);
    });

    it("takes no proof with any bit changed, and none kills the verifier", async () => {
      const { engine, logger } = engineWith();
      for (const each of proofTargets) {
        const request = { ...proving, verificationKey: keys[each], target: each };
        const made = { ...request, ...(await engine.prove(request)) };
        const pick = (bytes: Uint8Array, step: number) =>
          Array.from({ length: Math.floor(bytes.length / step) }, (_, i) => flipped(bytes, i * step + (i % 32)));
        // No number of either field is that large.
        const huge = new Uint8Array(32).fill(0xff);
        const untidy = [
          { proof: concatBytes(made.proof.subarray(0, -32), huge) },
          { proof: concatBytes(huge, made.proof.subarray(32)) },
          { publicInputs: concatBytes(huge, huge) },
        ];
        for (const change of untidy) expect(await engine.verify({ ...made, ...change })).to.equal(false);
        for (const proof of pick(made.proof, 64 * 7)) expect(await engine.verify({ ...made, proof })).to.equal(false);
        for (const verificationKey of pick(made.verificationKey, 64 * 3))
          expect(await engine.verify({ ...made, verificationKey })).to.equal(false);
        expect(await engine.verify(made)).to.equal(true);
      }
      expect(logger.jobs().filter(job => job === "verify")).to.have.length(1);
    });

    it("verifies without a CRS, and says what is missing to prove", async () => {
      const { engine } = engineWith({ crsPath: join(folder, "none") });
      expect(await engine.verify(valid)).to.equal(true);
      const missing = await expectCode(engine.prove(proving), BarretenbergErrorCode.CRS_MISSING);
      expect(missing.message).to.contain(join(folder, "none"));
      writeFileSync(join(folder, "bn254_g1.dat"), new Uint8Array(64 * 400));
      const small = await expectCode(
        engineWith({ crsPath: folder }).engine.prove(proving),
        BarretenbergErrorCode.CRS_TOO_SMALL,
      );
      expect(small.payload).to.deep.equal({ path: folder, points: 400, pointsNeeded: 512 });
    });

    it("says why bb does not work here", async () => {
      const both = async (bbPath: string, proveCode: BarretenbergErrorCode, verifyCode = proveCode) => {
        const { engine } = engineWith({ bbPath });
        await expectCode(engine.verify(valid), verifyCode);
        return (await expectCode(engine.prove(proving), proveCode)).message;
      };
      const { NOT_FOUND, NOT_EXECUTABLE, EXITED, KILLED, BAD_ANSWER, VERIFIER_DIES } = BarretenbergErrorCode;
      expect(await both(join(folder, "nothing"), NOT_FOUND)).to.contain("there is no bb");
      expect(await both(program("plain", "text", 0o644), NOT_EXECUTABLE)).to.contain("chmod");
      // The system hands it to a shell, which makes nothing of it.
      expect(await both(program("foreign", "\x7fELF of another machine"), EXITED, VERIFIER_DIES)).to.contain(
        "runs on this system",
      );
      expect(await both(program("fails", "#!/bin/sh\necho 'no such library' >&2\nexit 3\n"), EXITED, VERIFIER_DIES))
        .to.contain("code 3")
        .and.to.contain("no such library");
      expect(await both(program("dies", "#!/bin/sh\nkill -KILL $$\n"), KILLED, VERIFIER_DIES)).to.contain(
        "out of memory",
      );
      expect(await both(program("aborts", "#!/bin/sh\nkill -ABRT $$\n"), KILLED, VERIFIER_DIES)).to.contain("SIGABRT");
      await both(program("echoes", "#!/bin/sh\nexec cat\n"), BAD_ANSWER);
      await both(program("talks", "#!/bin/sh\necho Hello, here I am\ncat >/dev/null\n"), BAD_ANSWER);
    });

    it("says that there is no temporary folder", async () => {
      const { engine } = engineWith();
      const old = process.env["TMPDIR"];
      process.env["TMPDIR"] = join(folder, "nowhere");
      try {
        await expectCode(engine.verify(valid), BarretenbergErrorCode.NO_TEMPORARY_FOLDER);
      } finally {
        if (old === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = old;
      }
      expect(await engine.verify(valid)).to.equal(true);
    });

    it("leaves nothing behind when it is closed", async () => {
      const { engine, logger } = engineWith();
      const before = readdirSync(tmpdir()).filter(name => name.startsWith("sprtn-bb-"));
      const started = logger.next();
      expect(await engine.verify(valid)).to.equal(true);
      const mine = readdirSync(tmpdir()).filter(name => name.startsWith("sprtn-bb-") && !before.includes(name));
      await engine.close();
      expect(lives(await started)).to.equal(false);
      expect(readdirSync(tmpdir())).not.to.include.members(mine);
    });

    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      it(`has its processes ended, and its folders removed, when this process gets ${signal}`, async () => {
        const temporary = mkdtempSync(join(folder, "orphans-"));
        const parent = spawn(
          process.execPath,
          [
            fileURLToPath(import.meta.resolve("../../test/orphan-parent.js")),
            JSON.stringify({ setup, target, key: Buffer.from(keys[target]).toString("base64") }),
          ],
          { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: temporary } },
        );
        const pids: number[] = [];
        try {
          // It says the pids of a verifier and of a prover that is stopped, so that it would stay forever.
          for await (const line of createInterface({ input: parent.stdout })) if (pids.push(Number(line)) === 2) break;
          expect(pids.map(lives)).to.deep.equal([true, true]);
          expect(readdirSync(temporary)).to.have.length(1);
          parent.kill(signal);
          while (pids.some(lives) || readdirSync(temporary).length > 0)
            await new Promise(resolve => setImmediate(resolve));
        } finally {
          parent.kill("SIGKILL");
        }
      });
    }
  });
});

/** Whether it can still do something: one that was killed stays in the table until whoever adopted it looks. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
