<?php
// Assay's adapter for PHP's dba. README.md says which handler answers for what.
declare(strict_types=1);

// A format on the wire, and the handler that opens it.
const HANDLERS = ['bsddb.hash' => 'db4', 'bsddb.btree' => 'db4', 'dbm.gnu' => 'gdbm', 'dbm.ndbm' => 'ndbm'];

function literal(string $bytes): string {
  $escape = fn (array $match) => sprintf('\\x%02x', ord($match[0]));
  return "b'" . preg_replace_callback('/[^ -~]/', $escape, addcslashes($bytes, "\\'")) . "'";
}

function read_path(array $request): array {
  $handler = HANDLERS[$request['format']] ?? null;
  if (!in_array($handler, dba_handlers(), true)) return ['unsupported' => 'read ' . $request['format']];
  // A copy: the library may write to a damaged file that it opened for reading.
  $path = tempnam(sys_get_temp_dir(), 'assay_dba_');
  if (!@copy($request['path'], $path)) return ['error' => 'error', 'message' => 'there is no such file'];
  $answer = read_copy($path, $handler);
  unlink($path);
  return $answer;
}

function read_copy(string $path, string $handler): array {
  // "-": no lock, for which a file would have to be made.
  $store = @dba_open($path, 'r-', $handler);
  if ($store === false) {
    $message = error_get_last()['message'] ?? '';
    return ['error' => 'error', 'message' => preg_replace('/[^ -~]/', '?', $message)];
  }
  $entries = [];
  for ($key = dba_firstkey($store); $key !== false; $key = dba_nextkey($store)) {
    $value = dba_fetch($key, $store);
    if ($value === false) return ['error' => 'error', 'message' => 'a key that is listed has no value'];
    $entries[] = literal($key) . ': ' . literal($value);
  }
  dba_close($store);
  return ['value' => '{' . implode(', ', $entries) . '}'];
}

function hello(): array {
  $here = array_keys(array_filter(HANDLERS, fn ($handler) => in_array($handler, dba_handlers(), true)));
  return ['implementation' => 'php-dba', 'version' => PHP_VERSION, 'language' => 'PHP', 'window' => 8,
    'formats' => array_map(fn ($format) => "$format:read", $here), 'identity' => 'none', 'lossy' => []];
}

while (($line = fgets(STDIN)) !== false) {
  $request = json_decode($line, true);
  if ($request['op'] === 'bye') break;
  $answer = match ($request['op']) {
    'hello' => hello(),
    'read' => read_path($request),
    default => ['unsupported' => $request['op']],
  };
  if (isset($request['id'])) $answer['id'] = $request['id'];
  fwrite(STDOUT, json_encode($answer, JSON_UNESCAPED_SLASHES) . "\n");
}
