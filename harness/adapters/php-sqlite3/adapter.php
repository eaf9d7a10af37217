<?php
// Assay's adapter for PHP's SQLite3 class; README.md beside it says what it decides.

function text_literal(string $text): string {  // of code points or of bytes, one a character
    return "'" . preg_replace_callback("/[^ -~]|[\\\\']/su", function ($match) {
        $code = mb_ord_of($match[0]);
        if ($match[0] === '\\' || $match[0] === "'") return '\\' . $match[0];
        return sprintf($code < 0x100 ? '\\x%02x' : ($code < 0x10000 ? '\\u%04x' : '\\U%08x'), $code);
    }, $text) . "'";
}

function mb_ord_of(string $character): int {  // without the mbstring extension
    $bytes = array_values(unpack('C*', $character));
    $code = [0, 0x7f, 0x1f, 0x0f, 0x07][count($bytes)] & $bytes[0];
    foreach (array_slice($bytes, 1) as $byte) $code = $code << 6 | $byte & 0x3f;
    return $code;
}

function bytes_literal(string $bytes): string {
    return "b'" . preg_replace_callback("/[^ -~]|[\\\\']/s", function ($match) {
        if ($match[0] === '\\' || $match[0] === "'") return '\\' . $match[0];
        return sprintf('\\x%02x', ord($match[0]));
    }, $bytes) . "'";
}

function text_value(string $text): string {
    // PCRE refuses what is no UTF-8, surrogates included.
    return preg_match('//u', $text) ? text_literal($text) : "call(global('sqlite3', 'text'), " . bytes_literal($text) . ')';
}

function float_value(float $number): string {
    if (is_infinite($number)) return $number > 0 ? 'inf' : '-inf';
    return strtolower(var_export($number, true));
}

function value_text($value, int $class): string {
    switch ($class) {
        case SQLITE3_NULL: return 'None';
        case SQLITE3_INTEGER: return (string)$value;
        case SQLITE3_FLOAT: return float_value($value);
        case SQLITE3_BLOB: return bytes_literal($value ?? '');
        default: return text_value($value);
    }
}

function rows_of(SQLite3 $db, string $source): string {
    $result = $db->query("SELECT * FROM $source");
    $rows = [];
    while ($row = $result->fetchArray(SQLITE3_NUM)) {
        $values = [];
        foreach ($row as $i => $value) $values[] = value_text($value, $result->columnType($i));
        $rows[] = '(' . implode(', ', $values) . (count($values) === 1 ? ',)' : ')');
    }
    return '[' . implode(', ', $rows) . ']';
}

function read_database(string $path): string {
    $db = new SQLite3($path);
    $db->enableExceptions(true);
    $schema = rows_of($db, 'sqlite_master');
    $result = $db->query("SELECT name FROM sqlite_master WHERE type = 'table' AND "
        . "coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'");
    $names = [];
    while ($row = $result->fetchArray(SQLITE3_NUM)) $names[] = $row[0];
    $tables = [];
    foreach ($names as $name) {
        $tables[] = text_value($name) . ': ' . rows_of($db, '"' . str_replace('"', '""', $name) . '" NOT INDEXED');
    }
    $db->close();
    return "{'schema': $schema, 'rows': {" . implode(', ', $tables) . '}}';
}

function on_a_copy(string $path): string {
    $folder = sys_get_temp_dir() . '/assay_sqlite_' . getmypid() . '_' . bin2hex(random_bytes(4));
    mkdir($folder);
    try {
        foreach (['', '-wal', '-journal'] as $ending) {
            if (is_file($path . $ending)) copy($path . $ending, "$folder/copy.db$ending");
        }
        return read_database("$folder/copy.db");
    } finally {
        array_map('unlink', glob("$folder/*"));
        rmdir($folder);
    }
}

function answer(array $request): array {
    if ($request['op'] === 'hello') {
        return ['implementation' => 'php-sqlite3', 'version' => PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION,
            'language' => 'PHP', 'window' => 4, 'formats' => ['sqlite:read'], 'identity' => 'none', 'lossy' => []];
    }
    if ($request['op'] !== 'read' || $request['format'] !== 'sqlite' || !empty($request['options'])) {
        return ['unsupported' => $request['op'] . ' ' . ($request['format'] ?? '')];
    }
    try {
        return ['value' => on_a_copy($request['path'])];
    } catch (Exception $error) {
        return ['error' => get_class($error), 'message' => substr($error->getMessage(), 0, 300)];
    }
}

error_reporting(E_ALL & ~E_WARNING);  // what goes wrong is an exception as well
ini_set('display_errors', 'stderr');
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true);
    if ($request['op'] === 'bye') break;
    $answer = answer($request);
    if (isset($request['id'])) $answer['id'] = $request['id'];
    fwrite(STDOUT, json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}
