// Assay's adapter for pickleparser. What the two of them decide is told in README.md.
import { readFileSync } from 'node:fs';
import { BufferReader, Parser } from 'pickleparser';
import { inputOf, serve } from '../javascript/serve.mjs';
import { named, nameText } from '../javascript/symbols.mjs';
import { Atom, PersistentId, valueText } from '../javascript/value_text.mjs';

const { version } = JSON.parse(readFileSync(process.argv[2]));

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
  const reader = new BufferReader(inputOf(request));
  let value;
  try {
    if (request.options?.loads) value = Array.from({ length: request.options.loads }, () => parserOf(request).read(reader));
    else value = parserOf(request).read(reader);
  } catch (error) {
    return { error: error.constructor.name, message: error.message };
  }
  return { value: valueText(value), consumed: reader.position };
}

await serve({
  implementation: 'pickleparser', version, language: 'JavaScript', window: 16,
  formats: ['pickle:decode:0-5'], identity: 'mutable',
  lossy: ['tuple=list', 'bytearray=bytes', 'frozenset=set', 'int=float'],
}, { 'decode pickle': decode });
