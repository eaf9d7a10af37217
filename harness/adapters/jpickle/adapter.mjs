// Assay's adapter for jpickle. What the two of them decide is told in README.md.
import { readFileSync } from 'node:fs';
import jpickle from 'jpickle';
import { isOpcode } from '../javascript/pickle_opcodes.mjs';
import { inputOf, serve } from '../javascript/serve.mjs';
import { RESOLVE, named } from '../javascript/symbols.mjs';
import { RECORD, valueText } from '../javascript/value_text.mjs';

const { version } = JSON.parse(readFileSync(process.argv[2]));

// ---- Names. jpickle looks 'module.name' up in `emulated`, calls what it finds with
// the tuple of arguments as one, or constructs with it, and sets properties.

function symbol(record, resolve) {
  const node = new Proxy(function () {}, {
    get: (target, key) => {
      if (key === RECORD) return record;
      if (key === 'push' && record.operations) return (...items) => record.operations.push(...items.map((item) => ['append', item]));
      return target[key];
    },
    set: (target, key, value) => {  // BUILD sets one after the other
      const last = record.operations?.at(-1);
      if (last?.[0] === 'build') last[1][key] = value;
      else record.operations?.push(['build', { [key]: value }]);
      return true;
    },
    apply: (target, self, [args]) => wrapped(resolve?.(...args)) ?? made('call', node, args),
    construct: () => made('new', node, []),
  });
  return node;
}

// What stands for a call: a name again, or a value.
const wrapped = (value) => (typeof value === 'function' ? symbol(value[RECORD], value[RESOLVE]) : value);

const made = (form, callee, args) => symbol({ form, callee, args: Array.isArray(args) ? args : [args], operations: [] });

// `emulated` keeps no border between module and name: the last dot is taken for it.
function emulate(path, symbolic) {
  const dot = path.lastIndexOf('.');
  return wrapped(named(path.slice(0, dot), path.slice(dot + 1), symbolic));
}

for (const name of Object.keys(jpickle.emulated)) delete jpickle.emulated[name];

function useNames(symbolic) {
  const known = new Map();
  Object.setPrototypeOf(jpickle.emulated, new Proxy({}, {
    get: (target, path) => {
      if (!known.has(path)) known.set(path, emulate(path, symbolic));
      return known.get(path);
    },
  }));
}

// ---- Requests.

const OPTIONS = ['symbolic', 'fix_imports', 'persistent'];

function decode({ data, options = {} }) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) return { unsupported: `option ${unknown}` };
  const input = inputOf({ data });
  useNames(options.symbolic);
  let value;
  try {
    value = jpickle.loads(input.toString('binary'));
  } catch (error) {
    const message = error.message ?? error;  // it throws texts
    const [, opcode] = /^Unhandled opcode '([^]*)'$/.exec(message) ?? [];
    const isLater = /^Unhandled pickle protocol version: [345]$/.test(message);
    if (isLater || (opcode && isOpcode(opcode.charCodeAt(0)))) return { unsupported: message };
    return { error: error.constructor.name, message };
  }
  return { value: valueText(value) };
}

await serve({
  implementation: 'jpickle', version, language: 'JavaScript', window: 16,
  formats: ['pickle:decode:0-2'], identity: 'mutable',
  lossy: ['tuple=list', 'bytearray=bytes', 'frozenset=set', 'int=float'],
}, { 'decode pickle': decode });
