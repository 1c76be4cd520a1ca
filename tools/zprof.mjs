import { createFieldHasher } from "@sprtn/circuits-client/hasher";
import { KvNodeStore, NullifierTree } from "@sprtn/merkle-trees";
import { openLevel } from "./bench/lib/level-kv.mjs";
import { fieldsFrom, mixHasher } from "./bench/lib/mix-hasher.mjs";
const cpu = () => { const c = process.threadCpuUsage(); return (c.user + c.system) / 1000; };
const hasher = await createFieldHasher({ logger: console }, { kind: "simd" });
const level = await openLevel(); const prefix = Uint8Array.of(1);
let gets = 0, getMs = 0; const kv = { get: k => { const t = performance.now(); const r = level.kv.get(k); getMs += performance.now() - t; gets++; return r; } };
const store = new KvNodeStore({ kv }, { prefix });
const laying = new NullifierTree({ store, hasher: mixHasher }, { depth: 32, leafSeparator: 2n });
let t = performance.now(), c = cpu();
const STEP = 2 ** +(process.env.STEP || 14);
for (let from = 0; from < 2**20; from += STEP) { laying.insert(fieldsFrom(from, STEP)); await level.flush(store); }
console.log('laid wall', (performance.now() - t).toFixed(0), 'cpu', (cpu() - c).toFixed(0), gets, getMs.toFixed(0));
let n = 0, hms = 0; const counting = { hash: hasher.hash, hashPairs: x => { n += x.length / 64; const t = cpu(); const r = hasher.hashPairs(x); hms += cpu() - t; return r; }, hashRows: (x, w) => { n += 2 * x.length / 32 / w; const t = cpu(); const r= hasher.hashRows(x, w); hms += cpu() - t; return r; } };
const tree = new NullifierTree({ store, hasher: counting }, { depth: 32, leafSeparator: 2n });
let next = 2 ** 20;
for (let rep = 0; rep < 2; rep++) for (const how of ['insert', 'insertWithWitnesses']) { gets = 0; getMs = 0; n = 0; hms = 0; let fl = 0, puts = 0, ins = 0; t = performance.now(); c = cpu();
for (let i = 0; i < 60; i++) { const v = fieldsFrom(next, 64); next += 64; let a = cpu(); tree[how](v); ins += cpu() - a; a = cpu(); puts += await level.flush(store); fl += cpu() - a; }
const ms = performance.now() - t; console.log(how, (64*60/ms*1000).toFixed(0), 'per s wall', (64*60/(cpu()-c)*1000).toFixed(0), 'per cpu s; per batch ms', (ms/60).toFixed(1), 'insert cpu', (ins/60).toFixed(1), 'flush cpu', (fl/60).toFixed(1), 'perms', (n/60).toFixed(0), 'hash cpu ms', (hms/60).toFixed(1), 'gets', (gets/60).toFixed(0), 'get ms', (getMs/60).toFixed(2), 'puts', (puts/60).toFixed(0)); }
await level.close();
