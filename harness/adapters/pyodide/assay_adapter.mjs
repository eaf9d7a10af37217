// Assay's adapter for CPython as WebAssembly: runs ../python/assay_adapter.py
// inside Pyodide, a line at a time.
//
//   node assay_adapter.mjs PACKAGE_FOLDER [--lane c|py]
//   node assay_adapter.mjs --pyodide 314 [--modules FOLDER] [--lane c|py]
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { loadPython, packageFolder } from './load.mjs';

const NEWLINE = 10;

function wait(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

// Calls a read or write until the pipe is ready; 0 at the end of input.
function retrying(transfer) {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      wait(1);
    }
  }
}

function* lines() {
  const chunk = Buffer.alloc(1 << 16);
  let parts = [];
  for (;;) {
    const size = retrying(() => fs.readSync(0, chunk, 0, chunk.length, null));
    if (size === 0) return;
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, size).indexOf(NEWLINE, start);
      if (end < 0) break;
      parts.push(chunk.latin1Slice(start, end));
      yield parts.join('');
      parts = [];
      start = end + 1;
    }
    if (start < size) parts.push(chunk.latin1Slice(start, size));
  }
}

function write(text) {
  const data = Buffer.from(text, 'latin1');
  let at = 0;
  while (at < data.length) at += retrying(() => fs.writeSync(1, data, at));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pyodide: { type: 'string' },
      modules: { type: 'string' },
      lane: { type: 'string', default: 'c' },
    },
  });
  const folder = packageFolder(positionals[0] ?? values.pyodide, values.modules);
  const python = await loadPython(folder, console.error); // stdout is for answers
  python.globals.set('lane', values.lane);
  python.runPython('import assay_adapter; adapter = assay_adapter.Adapter(lane)');
  const adapter = python.globals.get('adapter');
  const answer = adapter.answer;
  for (const line of lines()) {
    let text;
    try {
      text = answer(line);
    } catch (error) {
      // Python answers its own exceptions: what arrives here broke the interpreter.
      console.error(String(error));
      process.abort();
    }
    if (text === undefined) break;
    write(text + '\n');
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(3);
  },
);
