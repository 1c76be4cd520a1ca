// One attack in a process of its own: node attack.mjs NAME, with the target as JSON in TARGET. It goes on until SIGTERM
// or the end of the target's `seconds`, and then prints what it did as one line of JSON. It talks to 127.0.0.1 only.
const [, , name] = process.argv;
const target = JSON.parse(process.env.TARGET ?? "{}");
for (const address of [...target.addresses, target.rpc]) {
  if (!/^(\/ip4\/127\.0\.0\.1\/|http:\/\/127\.0\.0\.1:)/.test(address)) {
    process.stderr.write(`${address} is not of this machine: attacks go nowhere else\n`);
    process.exit(2);
  }
}
const { attack } = await import(new URL(`attacks/${name}.mjs`, import.meta.url).href);
const controller = new AbortController();
process.once("SIGTERM", () => controller.abort());
setTimeout(() => controller.abort(), target.seconds * 1_000).unref();
const counts = await attack(target, controller.signal);
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exit(0);
