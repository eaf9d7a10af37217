// Runs a Python file inside Pyodide:
// node run_python.mjs [--mount PLACE] PACKAGE FILE [ARGUMENT ...]
//
// PACKAGE is a package's folder, or a version like 314. The file's folder can be
// read at /script, PLACE where it is; what the file prints goes to stdout.
import path from 'node:path';
import { loadPython, packageFolder } from './load.mjs';

const given = process.argv.slice(2);
const mounted = given[0] === '--mount' ? path.resolve(given.splice(0, 2)[1]) : null;
const [name, file, ...args] = given;
const python = await loadPython(packageFolder(name), console.log);
if (mounted) {
  python.FS.mkdirTree(mounted);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: mounted }, mounted);
}
python.FS.mkdir('/script');
python.FS.mount(python.FS.filesystems.NODEFS, { root: path.dirname(path.resolve(file)) }, '/script');
python.globals.set('script', `/script/${path.basename(file)}`);
python.globals.set('arguments', python.toPy(args));
const status = python.runPython(`
import runpy, sys
sys.argv = [script] + list(arguments)
sys.path.insert(0, '/script')
sys.dont_write_bytecode = True
status = 0
try:
    runpy.run_path(script, run_name='__main__')
except SystemExit as stop:
    status = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
status
`);
process.exitCode = status; // and not exit(): stdout may still be busy
