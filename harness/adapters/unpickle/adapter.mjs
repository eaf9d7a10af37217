// Assay's adapter for unpickle. What the two of them decide is told in README.md.
import { readFileSync } from 'node:fs';
import unpickle from 'unpickle';
import { isOpcode } from '../javascript/pickle_opcodes.mjs';
import { inputOf, serve } from '../javascript/serve.mjs';
import { valueText } from '../javascript/value_text.mjs';

const { version } = JSON.parse(readFileSync(process.argv[2]));

function decode({ data, options = {} }) {
  const [option] = Object.keys(options);
  if (option) return { unsupported: `option ${option}` };
  const input = inputOf({ data });
  let value;
  try {
    value = unpickle(input);
  } catch (error) {
    const [, opcode] = /^Unknown opcode: 0x([0-9a-f]+)$/.exec(error.message) ?? [];
    if (opcode && isOpcode(parseInt(opcode, 16))) return { unsupported: error.message };
    return { error: error.constructor.name, message: error.message };
  }
  return { value: valueText(value) };
}

await serve({
  implementation: 'unpickle', version, language: 'JavaScript', window: 16,
  formats: ['pickle:decode:0-4'], identity: 'mutable', lossy: ['tuple=list', 'int=float'],
}, { 'decode pickle': decode });
