// Finds a Pyodide package and loads it with the adapter's Python files inside.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

// Folders that may hold Pyodide packages, the preferred one first: an argument,
// the environment, and where `./assay setup pyodide` installs.
function moduleFolders(modules) {
  const roots = [modules, process.env.ASSAY_PYODIDE_DIR, path.join(here, '../../../.cache/pyodide')];
  return roots.filter(Boolean).flatMap((root) => [path.join(root, 'node_modules'), root]);
}

// The folder of a package: `name` is a folder, or a version like 314.
export function packageFolder(name, modules) {
  const candidates = [name, ...moduleFolders(modules).map((f) => path.join(f, `pyodide${name}`))];
  const found = candidates.find((folder) => fs.existsSync(path.join(folder, 'pyodide.mjs')));
  if (!found) throw new Error(`no Pyodide ${name} here (./assay setup pyodide)`);
  return path.resolve(found);
}

// A Python with the files of ../python in /assay, which is on its path. `print`
// gets each line that Python writes to its stdout.
export async function loadPython(folder, print) {
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')).href);
  const env = { HOME: '/', PYTHONHASHSEED: process.env.PYTHONHASHSEED ?? '0', ASSAY_HOST: '/host' };
  const python = await loadPyodide({ indexURL: folder + path.sep, stdout: print, env });
  python.FS.mkdir('/host'); // the machine's files, for requests that name a path
  python.FS.mount(python.FS.filesystems.NODEFS, { root: path.parse(here).root }, '/host');
  const sources = path.join(here, '../python');
  python.FS.mkdir('/assay');
  for (const name of fs.readdirSync(sources).filter((n) => n.endsWith('.py'))) {
    python.FS.writeFile(`/assay/${name}`, fs.readFileSync(path.join(sources, name)));
  }
  python.runPython("import sys; sys.path.insert(0, '/assay')");
  return python;
}
