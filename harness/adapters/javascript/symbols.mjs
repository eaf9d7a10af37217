// What the data names: nodes that record, nothing that runs.
import { Atom, RECORD, atom, float, string } from './value_text.mjs';

// A function, because readers call what they are given, or construct with it.
export const RESOLVE = Symbol('resolve');

export function callable(record, resolve) {
  function node(...args) {
    if (new.target) return instance('new', node, args);
    return resolve?.(...args) ?? instance('call', node, args);
  }
  node[RECORD] = record;
  node[RESOLVE] = resolve;
  return node;
}

// Has the methods by which pickleparser would change an object; other readers set properties.
export function instance(form, callee, args, kwargs) {
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
// getattr of a global and a text is the global with the dotted name.
BUILTINS.getattr = (cls, name, ...more) => (isClass(cls) && typeof name === 'string' && more.length === 0
  ? named(cls[RECORD].module, `${cls[RECORD].name}.${name}`) : undefined);
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

// Some readers look up whatever stands there.
export const nameText = (name) => string(typeof name === 'string' ? name : atom(name) ?? 'object');

// What a reader gets for a name: a function that records, never what is called so.
export function named(module, name, symbolic) {
  const known = !symbolic && Object.hasOwn(RESOLVED, module) ? RESOLVED[module] : {};
  if (known === BUILTINS && (name === 'Ellipsis' || name === 'NotImplemented')) return new Atom(name);
  const record = {
    text: `global(${nameText(module)}, ${nameText(name)})`,
    module,
    name,
    isObject: known === BUILTINS && name === 'object',
  };
  return callable(record, Object.hasOwn(known, name) ? known[name] : undefined);
}
