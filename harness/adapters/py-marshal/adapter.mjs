// Assay's adapter for py-marshal. What the two of them decide is told in README.md.
import { readFileSync } from 'node:fs';
import PyMarshal from 'py-marshal';
import { inputOf, serve } from '../javascript/serve.mjs';
import { valueText } from '../javascript/value_text.mjs';

const { version } = JSON.parse(readFileSync(process.argv[2]));
const TYPES = new Set(Buffer.from('0NFTS.iIfgxylstR([{cu?<>'));  // those that its source names

function decode({ data, options = {} }) {
  const [option] = Object.keys(options);
  if (option) return { unsupported: `option ${option}` };
  const reader = new PyMarshal(inputOf({ data }));
  let value;
  try {
    value = reader.read();
  } catch (error) {
    const [, type] = /^\.read\(\) unhandled type 0x(-?[0-9a-f]+)$/.exec(error.message) ?? [];
    if (/ not supported$/.test(error.message) || TYPES.has(parseInt(type, 16))) return { unsupported: error.message };
    return { error: error.constructor.name, message: error.message };
  }
  return { value: valueText(value), consumed: reader.pos };
}

await serve({
  implementation: 'py-marshal', version, language: 'JavaScript', window: 16,
  formats: ['marshal:decode:0-2'], identity: 'none',
  lossy: ['tuple=list', 'set=list', 'frozenset=set', 'bytes=str', 'int=float'],
}, { 'decode marshal': decode });
