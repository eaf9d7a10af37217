// Assay's adapter for pickleparser. What the two of them decide is told in README.md.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BufferReader, Parser } from 'pickleparser';

const { version } = JSON.parse(readFileSync(process.argv[2]));

// ---- What the data names: nodes that record, nothing that runs.

const RECORD = Symbol('record');  // no key of a pickle can hide it

// A value that JavaScript has not, as its value text.
class Atom {
  constructor(text) { this[RECORD] = { text }; }
}

class PersistentId {
  constructor(id) { this[RECORD] = { id }; }
}

// A function, because pickleparser calls what it is given, or constructs with it.
function callable(record, resolve) {
  function node(...args) {
    if (new.target) return instance('new', node, args);
    return resolve?.(...args) ?? instance('call', node, args);
  }
  node[RECORD] = record;
  return node;
}

// Has the methods by which pickleparser would change an object.
function instance(form, callee, args, kwargs) {
  const record = { form, callee, args, kwargs, operations: [] };
  return Object.assign(callable(record), {
    __setnewargs_ex__(given) { record.kwargs = given; },
    __setstate__(state) { record.operations.push(['build', state]); },
    push(...items) { for (const item of items) record.operations.push(['append', item]); },
    set(key, value) { record.operations.push(['set', key, value]); },
    add(item) { record.operations.push(['add', item]); },
  });
}

const isInt = (value) => Number.isInteger(value) || typeof value === 'bigint';
const isClass = (value) => typeof value === 'function' && value[RECORD].text !== undefined;  // a global
const isLatin1 = (name) => name === 'latin1' || name === 'latin-1';

function latin1(text) {
  if (/[^\0-\xff]/.test(text)) throw new Error('no latin-1');
  return Buffer.from(text, 'latin1');
}

// Calls by which picklers spell built-in values; undefined for arguments of any other shape.
const setOf = (...args) => {
  if (args.length === 0) return new Set();
  return args.length === 1 && Array.isArray(args[0]) ? new Set(args[0]) : undefined;
};
const BUILTINS = {
  set: setOf,
  frozenset: setOf,
  bytes: (...args) => (args.length === 0 ? Buffer.alloc(0) : undefined),
  bytearray: (...args) => {
    if (args.length === 0) return Buffer.alloc(0);
    if (args.length === 1 && args[0] instanceof Uint8Array) return Buffer.from(args[0]);
    return args.length === 2 && typeof args[0] === 'string' && args[1] === 'latin-1' ? latin1(args[0]) : undefined;
  },
  complex: (...args) => (args.length === 2 && args.every((part) => typeof part === 'number')
    ? new Atom(`complex(${args.map(float).join(', ')})`) : undefined),
  range: (...args) => {
    if (args.length !== 3 || !args.every(isInt)) return undefined;
    if (Number(args[2]) === 0) throw new Error('range with a step of 0');
    return new Atom(`range(${args.map(atom).join(', ')})`);
  },
  slice: (...args) => (args.length === 3 && args.every((part) => atom(part) !== undefined)
    ? new Atom(`slice(${args.map(atom).join(', ')})`) : undefined),
};
const COPYREG = {
  __newobj__: (cls, ...args) => (isClass(cls) ? instance('new', cls, args) : undefined),
  __newobj_ex__: (cls, args, kwargs, ...more) => (isClass(cls) && Array.isArray(args) && kwargs instanceof Map
    && [...kwargs.keys()].every((key) => typeof key === 'string') && more.length === 0
    ? instance('new', cls, args, kwargs) : undefined),
  _reconstructor: (cls, base, state) => (isClass(cls) && base?.[RECORD]?.isObject && state === null
    ? instance('new', cls, []) : undefined),
};
const CODECS = {
  encode: (...args) => (args.length === 2 && typeof args[0] === 'string' && isLatin1(args[1])
    ? latin1(args[0]) : undefined),
};
const RESOLVED = {
  builtins: BUILTINS, __builtin__: BUILTINS, copyreg: COPYREG, copy_reg: COPYREG, _codecs: CODECS,
};

// pickleparser looks up whatever stands there.
const nameText = (name) => string(typeof name === 'string' ? name : atom(name) ?? 'object');

function named(module, name, symbolic) {
  const known = !symbolic && Object.hasOwn(RESOLVED, module) ? RESOLVED[module] : {};
  if (known === BUILTINS && (name === 'Ellipsis' || name === 'NotImplemented')) return new Atom(name);
  const record = {
    text: `global(${nameText(module)}, ${nameText(name)})`,
    isObject: known === BUILTINS && name === 'object',
  };
  return callable(record, Object.hasOwn(known, name) ? known[name] : undefined);
}

// ---- Value text, flat: a line for each value that has parts.

const hex = (code, letter, size) => `\\${letter}${code.toString(16).padStart(size, '0')}`;
const SHORT = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function string(text) {
  return `'${text.replace(/[^ -~]|[\\']/gu, (c) => {
    const code = c.codePointAt(0);
    return SHORT[c] ?? (code < 0x100 ? hex(code, 'x', 2) : code < 0x10000 ? hex(code, 'u', 4) : hex(code, 'U', 8));
  })}'`;
}

function float(number) {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const text = Object.is(number, -0) ? '-0' : String(number);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function atom(value) {  // undefined for what has parts
  if (value === null) return 'None';
  if (value === undefined) return "global('javascript', 'undefined')";
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'bigint') return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : float(value);
  if (typeof value === 'string') return string(value);
  if (value instanceof Uint8Array) return `b${string(Buffer.from(value).toString('latin1'))}`;
  return value[RECORD]?.text;
}

function form(value, part) {
  const pairs = (map) => `{${[...map].map(([key, item]) => `${part(key)}: ${part(item)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[${Array.from(value, part).join(', ')}]`;
  if (value instanceof Map) return pairs(value);
  if (value instanceof Set) return value.size ? `{${Array.from(value, part).join(', ')}}` : 'set()';
  const record = value[RECORD];
  if (value instanceof PersistentId) return `persid(${part(record.id)})`;
  if (!record) throw new TypeError(`no value text for ${Object.prototype.toString.call(value)}`);
  const args = [record.callee, ...record.args].map(part);
  if (record.kwargs instanceof Map) {
    if (record.kwargs.size) args.push(`**${pairs(record.kwargs)}`);
  } else if (record.kwargs !== undefined) {
    args.push(`keywords=${part(record.kwargs)}`);  // the library takes it, Python does not
  }
  const operations = record.operations.map(([name, ...parts]) => `.${name}(${parts.map(part).join(', ')})`);
  return `${record.form}(${args.join(', ')})${operations.join('')}`;
}

function valueText(root) {
  const labels = new Map(), nodes = [], lines = [];
  const part = (value) => {
    const text = atom(value);
    if (text !== undefined) return text;
    if (!labels.has(value)) labels.set(value, nodes.push(value));
    return `*${labels.get(value)}`;
  };
  const last = part(root);
  for (let i = 0; i < nodes.length; ++i) lines.push(`&${i + 1} = ${form(nodes[i], part)}\n`);
  return lines.join('') + last;
}

// ---- Requests.

const OPTIONS = ['symbolic', 'fix_imports', 'persistent', 'extensions', 'loads', 'fresh'];

function unsupported({ options = {} }) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) return `option ${unknown}`;
  if (options.loads && !options.fresh) return 'several values with one memo';
  return undefined;
}

function parserOf({ options = {}, buffers }) {
  const globals = new Map();  // the same name is the same object, as from a NameRegistry
  const resolve = (module, name) => {
    const key = `${nameText(module)}${nameText(name)}`;
    if (!globals.has(key)) globals.set(key, named(module, name, options.symbolic));
    return globals.get(key);
  };
  const parserOptions = {
    unpicklingTypeOfDictionary: 'Map',
    unpicklingTypeOfSet: 'Set',
    nameResolver: { resolve },
  };
  if (options.persistent !== 'none') parserOptions.persistentResolver = { resolve: (id) => new PersistentId(id) };
  if (buffers) parserOptions.buffers = buffers.map((_, i) => new Atom(`buffer(${i})`)).values();
  if (options.extensions) {
    const codes = new Map(options.extensions.split(',').map((entry) => {
      const [, code, module, name] = /^(\d+)=(.*):(.*)$/.exec(entry);
      return [Number(code), resolve(module, name)];
    }));
    parserOptions.extensionResolver = {
      resolve: (code) => {
        if (!codes.has(code)) throw new Error(`Unregistered extension code: ${code}`);
        return codes.get(code);
      },
    };
  }
  return new Parser(parserOptions);
}

function decode(request) {
  const reason = unsupported(request);
  if (reason) return { unsupported: reason };
  const reader = new BufferReader(Buffer.from(request.data, 'hex'));
  let value;
  try {
    if (request.options?.loads) value = Array.from({ length: request.options.loads }, () => parserOf(request).read(reader));
    else value = parserOf(request).read(reader);
  } catch (error) {
    return { error: error.constructor.name, message: error.message };
  }
  return { value: valueText(value), consumed: reader.position };
}

const HELLO = {
  implementation: 'pickleparser', version, language: 'JavaScript', window: 16,
  formats: ['pickle:decode:0-5'], identity: 'mutable',
  lossy: ['tuple=list', 'bytearray=bytes', 'frozenset=set', 'int=float'],
};

function answer(request) {
  if (request.op === 'hello') return HELLO;
  if (request.op !== 'decode' || request.format !== 'pickle') return { unsupported: `${request.op} ${request.format}` };
  try {
    return decode(request);
  } catch (error) {
    return { error: 'ProtocolError', message: String(error.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.op === 'bye') process.exit(0);
  const text = JSON.stringify({ id: request.id, ...answer(request) });
  process.stdout.write(`${text.replace(/[^ -~]/g, (c) => hex(c.charCodeAt(0), 'u', 4))}\n`);
}
