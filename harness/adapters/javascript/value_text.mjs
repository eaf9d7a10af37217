// Value text of JavaScript's values, flat: a line for each value that has parts.
// What is no value of JavaScript is an object with a record under RECORD:
//   { text }                                        a name, or another whole value text
//   { id }                                          a persistent id
//   { form, callee, args, kwargs, operations }      a call, and what was done to what it gave

export const RECORD = Symbol('record');  // no key of a pickle can hide it

// A value that JavaScript has not, as its value text.
export class Atom {
  constructor(text) { this[RECORD] = { text }; }
}

export class PersistentId {
  constructor(id) { this[RECORD] = { id }; }
}

export const hex = (code, letter, size) => `\\${letter}${code.toString(16).padStart(size, '0')}`;
const SHORT = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function string(text) {
  return `'${text.replace(/[^ -~]|[\\']/gu, (c) => {
    const code = c.codePointAt(0);
    return SHORT[c] ?? (code < 0x100 ? hex(code, 'x', 2) : code < 0x10000 ? hex(code, 'u', 4) : hex(code, 'U', 8));
  })}'`;
}

export function float(number) {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const text = Object.is(number, -0) ? '-0' : String(number);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function atom(value) {  // undefined for what has parts
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

// Made by `{}`, or by Object.create(null).
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function form(value, part) {
  const pairs = (map) => `{${[...map].map(([key, item]) => `${part(key)}: ${part(item)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[${Array.from(value, part).join(', ')}]`;
  if (value instanceof Map) return pairs(value);
  if (value instanceof Set) return value.size ? `{${Array.from(value, part).join(', ')}}` : 'set()';
  const record = value[RECORD];
  if (!record && isPlain(value)) return pairs(Object.entries(value));
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

export function valueText(root) {
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
