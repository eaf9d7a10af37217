// Assay's adapter for sql.js; README.md beside it says what it decides.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import initSqlJs from 'sql.js';

const { version } = JSON.parse(readFileSync(process.argv[2]));
const SQL = await initSqlJs();

// ---- Value text.

const hex = (code, letter, size) => `\\${letter}${code.toString(16).padStart(size, '0')}`;

function literal(text) {
  return `'${text.replace(/[^ -~]|[\\']/gu, (c) => {
    const code = c.codePointAt(0);
    if (c === '\\' || c === "'") return `\\${c}`;
    return code < 0x100 ? hex(code, 'x', 2) : code < 0x10000 ? hex(code, 'u', 4) : hex(code, 'U', 8);
  })}'`;
}

function float(number) {
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const text = Object.is(number, -0) ? '-0' : String(number);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

// A value, and its storage class, which the library does not tell.
function value(given, storage) {
  switch (storage) {
    case 'null': return 'None';
    case 'integer': return String(given);
    case 'real': return float(Number(given));
    case 'blob': return `b${literal(Buffer.from(given).toString('latin1'))}`;
    default: return literal(given);
  }
}

// ---- A database.

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

function query(db, sql) {
  const statement = db.prepare(sql);
  try {
    const rows = [];
    while (statement.step()) rows.push(statement.get(null, { useBigInt: true }));
    return { names: statement.getColumnNames(), rows };
  } finally {
    statement.free();
  }
}

function rowsOf(db, source, names) {
  const what = names.map((name) => `${quoted(name)}, typeof(${quoted(name)})`).join(', ');
  const rows = query(db, `SELECT ${what} FROM ${source}`).rows.map(
    (row) => `(${names.map((_, i) => value(row[2 * i], row[2 * i + 1])).join(', ')}${names.length === 1 ? ',' : ''})`,
  );
  return `[${rows.join(', ')}]`;
}

function read(path) {
  const db = new SQL.Database(readFileSync(path));  // which is all that it takes: no log, no journal
  try {
    const schema = rowsOf(db, 'sqlite_master', ['type', 'name', 'tbl_name', 'rootpage', 'sql']);
    const tables = query(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND
      coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'`).rows.map(([name]) => {
      const source = `${quoted(name)} NOT INDEXED`;
      const { names } = query(db, `SELECT * FROM ${source} LIMIT 0`);
      return `${literal(name)}: ${rowsOf(db, source, names)}`;
    });
    return `{'schema': ${schema}, 'rows': {${tables.join(', ')}}}`;
  } finally {
    db.close();
  }
}

// ---- Requests.

const HELLO = {
  implementation: 'sql.js', version, language: 'JavaScript', window: 16,
  formats: ['sqlite:read'], identity: 'none', lossy: [],
};

function answer(request) {
  if (request.op === 'hello') return HELLO;
  if (request.op !== 'read' || request.format !== 'sqlite' || request.options) {
    return { unsupported: `${request.op} ${request.format}` };
  }
  try {
    return { value: read(request.path) };
  } catch (error) {
    return { error: error.constructor.name, message: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.op === 'bye') process.exit(0);
  const text = JSON.stringify({ id: request.id, ...answer(request) });
  process.stdout.write(`${text.replace(/[^ -~]/g, (c) => hex(c.charCodeAt(0), 'u', 4))}\n`);
}
