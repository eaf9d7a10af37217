// A starter: an adapter in JavaScript, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints JavaScript's values and speaks the protocol.
import { createInterface } from 'node:readline';

class Unsupported extends Error {}

// What JavaScript has no value of its own for. A name in the data is never looked up.
class Float { constructor(value) { this.value = value; } }
class Tuple { constructor(items) { this.items = items; } }
class Global { constructor(module, name) { Object.assign(this, { module, name }); } }

// ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
// Throw what it throws; throw Unsupported for what it does not claim to do. If it
// makes arrays of tuples and numbers of floats, delete Tuple and Float, and say
// lossy: ['tuple=list', 'int=float'].

function implementation(bytes) {
  return toy(bytes);
}

const HELLO = {
  implementation: 'toy', version: '1.0', language: 'JavaScript', window: 16,
  formats: ['pickle:decode:0-3'], identity: 'mutable', lossy: [],
};

// ------------------------------------------------------------------------------------

function toy(bytes) {
  let at = 0;
  const stack = [], marks = [], memo = new Map();
  const take = (count) => {
    if (bytes.length - at < count) throw new RangeError('pickle ends early');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new RangeError('pickle ends early');
    return text(take(end + 1 - at).subarray(0, -1));
  };
  const sinceMark = () => stack.splice(marks.pop());
  const top = () => stack[stack.length - 1];
  const OPCODES = {
    '(': () => marks.push(stack.length),
    'N': () => stack.push(null),
    '\x88': () => stack.push(true),
    '\x89': () => stack.push(false),
    'K': () => stack.push(take(1)[0]),
    'J': () => stack.push(take(4).readInt32LE()),
    '\x8a': () => stack.push(bigInt(take(take(1)[0]))),
    'G': () => stack.push(new Float(take(8).readDoubleBE())),
    'X': () => stack.push(text(take(take(4).readUInt32LE()))),
    'C': () => stack.push(take(take(1)[0])),
    ']': () => stack.push([]),
    'e': () => { const items = sinceMark(); for (const item of items) top().push(item); },
    ')': () => stack.push(new Tuple([])),
    't': () => stack.push(new Tuple(sinceMark())),
    '}': () => stack.push(new Map()),
    'u': () => { const items = sinceMark(); for (let i = 0; i < items.length; i += 2) top().set(items[i], items[i + 1]); },
    'q': () => memo.set(take(1)[0], top()),
    'h': () => stack.push(memo.get(take(1)[0])),
    'c': () => { const module = line(); stack.push(new Global(module, line())); },
  };
  for (;;) {
    const code = String.fromCharCode(take(1)[0]);
    if (code === '.') return [stack.pop(), at];
    if (!OPCODES[code]) throw new Unsupported(`opcode 0x${code.charCodeAt(0).toString(16)}`);
    OPCODES[code]();
  }
}

function bigInt(bytes) {  // two's complement, the lowest byte first
  let value = 0n;
  for (const byte of Buffer.from(bytes).reverse()) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

// UTF-8 in which Python may have written a surrogate by itself.
function text(bytes) {
  return bytes.toString('latin1').replace(/\xed([\xa0-\xbf])([\x80-\xbf])|[^]+?(?=\xed[\xa0-\xbf]|$)/g,
    (run, high, low) => (high
      ? String.fromCharCode(0xd000 | (high.charCodeAt(0) & 0x3f) << 6 | low.charCodeAt(0) & 0x3f)
      : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(run, 'latin1'))));
}

// ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

const SHORT = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const hex = (code, letter, size) => `\\${letter}${code.toString(16).padStart(size, '0')}`;

function quoted(string) {
  return `'${string.replace(/[^ -~]|[\\']/gu, (c) => {
    const code = c.codePointAt(0);
    return SHORT[c] ?? (code < 0x100 ? hex(code, 'x', 2) : code < 0x10000 ? hex(code, 'u', 4) : hex(code, 'U', 8));
  })}'`;
}

function float(number) {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const digits = Object.is(number, -0) ? '-0' : String(number);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

// The text of a value without parts; undefined for what has some.
function atom(value) {
  if (value === null) return 'None';
  if (value === undefined) return "global('javascript', 'undefined')";  // of which Python has nothing
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : float(value);
  if (typeof value === 'bigint') return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Float) return float(value.value);
  if (value instanceof Uint8Array) return `b${quoted(Buffer.from(value).toString('latin1'))}`;
  if (value instanceof Global) return `global(${quoted(value.module)}, ${quoted(value.name)})`;
  return undefined;
}

function valueText(root) {
  const labels = new Map(), nodes = [];
  const part = (value) => {
    const string = atom(value);
    if (string !== undefined) return string;
    if (!labels.has(value)) labels.set(value, nodes.push(value));
    return `*${labels.get(value)}`;
  };
  const form = (value) => {
    if (Array.isArray(value)) return `[${value.map(part).join(', ')}]`;
    if (value instanceof Tuple) return `(${value.items.map(part).join(', ')}${value.items.length === 1 ? ',' : ''})`;
    if (value instanceof Map) return `{${[...value].map(([key, item]) => `${part(key)}: ${part(item)}`).join(', ')}}`;
    throw new TypeError(`no value text for ${typeof value}`);
  };
  const last = part(root), lines = [];
  for (let i = 0; i < nodes.length; ++i) lines.push(`&${i + 1} = ${form(nodes[i])}\n`);
  return lines.join('') + last;
}

// ---- The protocol. ------------------------------------------------------------------

function answer(request) {
  if (request.op === 'hello') return HELLO;
  if (request.op !== 'decode' || request.format !== 'pickle') return { unsupported: 'this operation or format' };
  if (request.options || request.buffers) return { unsupported: 'options and buffers' };
  const bytes = Buffer.from(request.data, 'hex');  // ends silently at what is no hex digit
  if (bytes.length * 2 !== request.data.length) throw new Error('data: no hex');
  let result;
  try {
    result = implementation(bytes);
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    return { error: error.constructor.name, message: error.message };
  }
  return { value: valueText(result[0]), consumed: result[1] };
}

for await (const line of createInterface({ input: process.stdin })) {
  let fields = {};
  try {
    const request = JSON.parse(line);
    if (request.op === 'bye') process.exit(0);
    fields.id = request.id;
    Object.assign(fields, answer(request));
  } catch (error) {  // a broken request, or a mistake of this adapter
    Object.assign(fields, { error: 'ProtocolError', message: String(error) });
  }
  const json = JSON.stringify(fields).replace(/[^ -~]/g, (c) => hex(c.charCodeAt(0), 'u', 4));
  process.stdout.write(`${json}\n`);
}
