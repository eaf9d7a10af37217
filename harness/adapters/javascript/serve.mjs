// The loop of an adapter in JavaScript: a request a line, an answer a line.
import { createInterface } from 'node:readline';
import { hex } from './value_text.mjs';

// The input of a request; Buffer.from alone would stop at what is no hex digit.
export function inputOf({ data }) {
  const bytes = Buffer.from(data, 'hex');
  if (bytes.length * 2 !== data.length) throw new Error('data: no hex');
  return bytes;
}

// `hello` is what is said of the implementation; `operations` maps "op format" to a
// function that takes the request and gives the answer's fields.
export async function serve(hello, operations) {
  const answer = (request) => {
    if (request.op === 'hello') return hello;
    const operation = operations[`${request.op} ${request.format}`];
    return operation ? operation(request) : { unsupported: `${request.op} ${request.format}` };
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const fields = {};
    try {
      const request = JSON.parse(line);
      if (request.op === 'bye') process.exit(0);
      fields.id = request.id;
      Object.assign(fields, answer(request));
    } catch (error) {  // a mistake of the adapter or of the request, no outcome
      Object.assign(fields, { error: 'ProtocolError', message: String(error.stack) });
    }
    const text = JSON.stringify(fields);
    process.stdout.write(`${text.replace(/[^ -~]/g, (c) => hex(c.charCodeAt(0), 'u', 4))}\n`);
  }
}
