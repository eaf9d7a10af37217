// Judges a reader of pickles by Assay's vectors, without Assay:
//   ./assay export vectors; node judge.mjs vectors/pickle.json ./my_reader.mjs
// my_reader.mjs exports read(bytes), which throws what it refuses.
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [vectors, reader] = process.argv.slice(2);
const {read} = await import(pathToFileURL(reader));
const scalars = {None: null, True: true, False: false};  // and integers; see below
let agree = 0, differ = 0;
for (const {id, input, options, outcomes} of JSON.parse(readFileSync(vectors)).cases) {
  if (outcomes.length !== 1 || input === undefined || options) continue;
  const [{value, error}] = outcomes;  // what every CPython gives
  // Values that JavaScript has, too; for all of value text see its README.
  if (!error && !(value in scalars) && !/^-?\d{1,15}$/.test(value)) continue;
  const expected = error ? "!" : value in scalars ? scalars[value] : Number(value);
  let got = "!";
  try { got = read(Uint8Array.from(Buffer.from(input, "hex"))); } catch { /* refused */ }
  if (got === expected) ++agree;
  else ++differ, console.log(`${id}: expected ${expected}, got ${got}`);
}
console.log(`${agree} agree, ${differ} differ`);
process.exitCode = differ ? 1 : 0;
