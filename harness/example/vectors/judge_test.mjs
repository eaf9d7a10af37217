// node --test judge_test.mjs, with VECTORS naming an exported pickle.json.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "assay-"));

function judge(name, reader) {
  writeFileSync(join(folder, name), reader);
  const ended = spawnSync(process.execPath,
    [join(here, "judge.mjs"), process.env.VECTORS, join(folder, name)], {encoding: "utf8"});
  const [, agree, differ] = ended.stdout.match(/(\d+) agree, (\d+) differ\n$/).map(Number);
  return {status: ended.status, out: ended.stdout, agree, differ};
}

test("a reader that looks the answers up agrees, one that refuses all does not", () => {
  const right = judge("right.mjs", `
    import {readFileSync} from "node:fs";
    const values = {None: null, True: true, False: false};
    const answers = new Map(JSON.parse(readFileSync(process.env.VECTORS)).cases
      .filter(({options}) => !options).map(({input, outcomes}) => [input, outcomes[0].value]));
    export function read(bytes) {
      const value = answers.get(Buffer.from(bytes).toString("hex"));
      if (value === undefined) throw new Error("refused");
      return value in values ? values[value] : Number(value);
    }`);
  assert.deepEqual([right.status, right.differ], [0, 0]);
  assert.ok(right.agree > 200);
  const refuses = judge("refuses.mjs", `export function read() { throw new Error("no"); }`);
  assert.equal(refuses.status, 1);
  assert.ok(refuses.agree > 0 && refuses.differ > 0);
  assert.equal(refuses.agree + refuses.differ, right.agree);
  assert.match(refuses.out, /constant\/none: expected null, got !/);
});
