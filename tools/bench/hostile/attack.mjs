// One attack in a process of its own: node attack.mjs NAME, with the target as JSON in TARGET. It goes on until SIGTERM
// or the end of the target's `seconds`. Every second, and at its end, it prints what it has done so far as one line of
// JSON, and whether that is the attack that it is named after. It talks to 127.0.0.1 only.
const [, , name] = process.argv;
const target = JSON.parse(process.env.TARGET ?? "{}");
for (const address of [...target.addresses, target.rpc]) {
  if (!/^(\/ip4\/127\.0\.0\.1\/|http:\/\/127\.0\.0\.1:)/.test(address)) {
    process.stderr.write(`${address} is not of this machine: attacks go nowhere else\n`);
    process.exit(2);
  }
}
const { attack, hasAttacked } = await import(new URL(`attacks/${name}.mjs`, import.meta.url).href);
const controller = new AbortController();
const counts = {};
const tell = () => process.stdout.write(`${JSON.stringify({ counts, valid: hasAttacked(counts) })}\n`);
// Peers need not part in good order.
const end = () => {
  controller.abort();
  tell();
  process.exit(0);
};
process.once("SIGTERM", end);
setInterval(tell, 1_000).unref();
setTimeout(end, target.seconds * 1_000);
// It may be over before the time is.
await attack(target, counts, controller.signal);
