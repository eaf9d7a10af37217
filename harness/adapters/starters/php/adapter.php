<?php
// A starter: an adapter in PHP, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints values and speaks the protocol. PHP's arrays are
// copied and its strings are bytes, so the toy has classes for what it must tell apart.

class Unsupported extends Exception {}

final class PyList { public array $items = []; }
final class PyDict { public array $keys = []; public array $values = []; }
final class PyTuple { public function __construct(public array $items) {} }
final class PyBytes { public function __construct(public string $bytes) {} }
final class PyInt { public function __construct(public string $text) {} }  // beyond 64 bits
final class PyGlobal { public function __construct(public string $module, public string $name) {} }

// ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
// Throw what it throws; throw Unsupported for what it does not claim to do. If it
// makes arrays, print those, and say "identity" => "none", "lossy" => ["tuple=list", ...].

function implementation(string $data): array {
    return (new Toy($data))->load();
}

const HELLO = [
    'implementation' => 'toy', 'version' => '1.0', 'language' => 'PHP', 'window' => 16,
    'formats' => ['pickle:decode:0-3'], 'identity' => 'mutable', 'lossy' => [],
];

// ------------------------------------------------------------------------------------

final class Toy {
    private int $at = 0;
    private array $stack = [];
    private array $marks = [];
    private array $memo = [];

    public function __construct(private string $data) {}

    private function take(int $count): string {
        if (strlen($this->data) - $this->at < $count) throw new RuntimeException('pickle ends early');
        $this->at += $count;
        return substr($this->data, $this->at - $count, $count);
    }

    private function line(): string {
        $end = strpos($this->data, "\n", $this->at);
        if ($end === false) throw new RuntimeException('pickle ends early');
        return substr($this->take($end + 1 - $this->at), 0, -1);
    }

    private function sinceMark(): array {
        return array_splice($this->stack, array_pop($this->marks));
    }

    private function top(): mixed {
        return $this->stack[count($this->stack) - 1];
    }

    // Two's complement, the lowest byte first; hexadecimal when it is beyond 64 bits.
    private static function integer(string $bytes): int|PyInt {
        if (strlen($bytes) < 8) {
            $sign = $bytes !== '' && ord($bytes[-1]) >= 0x80 ? "\xff" : "\0";
            return unpack('P', str_pad($bytes, 8, $sign))[1];
        }
        $negative = ord($bytes[-1]) >= 0x80;
        $carry = 1;
        for ($i = 0; $negative && $i < strlen($bytes); ++$i) {
            $byte = (ord($bytes[$i]) ^ 0xff) + $carry;
            $bytes[$i] = chr($byte & 0xff);
            $carry = $byte >> 8;
        }
        return new PyInt(($negative ? '-0x' : '0x') . bin2hex(strrev($bytes)));
    }

    public function load(): array {
        while (true) {
            $code = $this->take(1);
            switch ($code) {
                case '.': return [$this->top(), $this->at];
                case '(': $this->marks[] = count($this->stack); break;
                case 'N': $this->stack[] = null; break;
                case "\x88": $this->stack[] = true; break;
                case "\x89": $this->stack[] = false; break;
                case 'K': $this->stack[] = ord($this->take(1)); break;
                case 'J': $this->stack[] = self::integer($this->take(4)); break;
                case "\x8a": $this->stack[] = self::integer($this->take(ord($this->take(1)))); break;
                case 'G': $this->stack[] = unpack('E', $this->take(8))[1]; break;
                case 'X': $this->stack[] = $this->take(unpack('V', $this->take(4))[1]); break;
                case 'C': $this->stack[] = new PyBytes($this->take(ord($this->take(1)))); break;
                case ']': $this->stack[] = new PyList(); break;
                case 'e': $items = $this->sinceMark(); array_push($this->top()->items, ...$items); break;
                case ')': $this->stack[] = new PyTuple([]); break;
                case 't': $this->stack[] = new PyTuple($this->sinceMark()); break;
                case '}': $this->stack[] = new PyDict(); break;
                case 'u':
                    foreach (array_chunk($this->sinceMark(), 2) as [$key, $value]) {
                        $this->top()->keys[] = $key;
                        $this->top()->values[] = $value;
                    }
                    break;
                case 'q': $this->memo[ord($this->take(1))] = $this->top(); break;
                case 'h': $this->stack[] = $this->memo[ord($this->take(1))]; break;
                case 'c': $this->stack[] = new PyGlobal($this->line(), $this->line()); break;
                default: throw new Unsupported(sprintf('opcode 0x%02x', ord($code)));
            }
        }
    }
}

// ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

const SHORT = [0x5c => '\\\\', 0x27 => "\\'", 10 => '\\n', 13 => '\\r', 9 => '\\t'];

function escaped(int $code): string {
    if (isset(SHORT[$code])) return SHORT[$code];
    if ($code >= 32 && $code <= 126) return chr($code);
    return sprintf($code < 0x100 ? '\\x%02x' : ($code < 0x10000 ? '\\u%04x' : '\\U%08x'), $code);
}

// A string of UTF-8 may hold a surrogate by itself, as Python encodes it. What is no
// UTF-8 is printed as Python's surrogateescape would read it.
function text(string $bytes): string {
    $pattern = '/[ -&(-\[\]-~]+|[\x00-\x7f]'
        . '|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}'
        . '|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|./s';
    preg_match_all($pattern, $bytes, $runs);
    $out = '';
    foreach ($runs[0] as $run) {
        if (strlen($run) > 1 && ord($run) < 0x80) {
            $out .= $run;
            continue;
        }
        $rest = array_map('ord', str_split($run));
        $first = array_shift($rest);
        $code = $first & (0x3f >> count($rest));
        foreach ($rest as $byte) $code = $code << 6 | $byte & 0x3f;
        if (!$rest) $code = $first < 0x80 ? $first : 0xdc00 | $first;
        $out .= escaped($code);
    }
    return "'$out'";
}

function float(float $value): string {
    if (is_nan($value)) return 'nan';
    if (is_infinite($value)) return $value > 0 ? 'inf' : '-inf';
    $digits = json_encode($value);  // the shortest that reads back, as serialize_precision says
    return strpbrk($digits, '.e') ? $digits : "$digits.0";
}

// The text of a value without parts; null for what has some.
function atom(mixed $value): ?string {
    if ($value === null) return 'None';
    if (is_bool($value)) return $value ? 'True' : 'False';
    if (is_int($value)) return (string) $value;
    if (is_float($value)) return float($value);
    if (is_string($value)) return text($value);
    if ($value instanceof PyInt) return $value->text;
    if ($value instanceof PyBytes) {
        return "b'" . implode('', array_map('escaped', array_values(unpack('C*', $value->bytes) ?: []))) . "'";
    }
    if ($value instanceof PyGlobal) return 'global(' . text($value->module) . ', ' . text($value->name) . ')';
    return null;
}

function value_text(mixed $root): string {
    $labels = [];
    $nodes = [];
    $part = function (mixed $value) use (&$labels, &$nodes): string {
        $text = atom($value);
        if ($text !== null) return $text;
        $labels[spl_object_id($value)] ??= array_push($nodes, $value);
        return '*' . $labels[spl_object_id($value)];
    };
    $last = $part($root);
    $lines = '';
    for ($i = 0; $i < count($nodes); ++$i) {
        $node = $nodes[$i];
        if ($node instanceof PyList) {
            $form = '[' . implode(', ', array_map($part, $node->items)) . ']';
        } elseif ($node instanceof PyTuple) {
            $comma = count($node->items) === 1 ? ',' : '';
            $form = '(' . implode(', ', array_map($part, $node->items)) . $comma . ')';
        } elseif ($node instanceof PyDict) {
            $pair = fn($key, $value) => $part($key) . ': ' . $part($value);
            $form = '{' . implode(', ', array_map($pair, $node->keys, $node->values)) . '}';
        } else {
            throw new TypeError('no value text for ' . get_debug_type($node));
        }
        $lines .= '&' . ($i + 1) . " = $form\n";
    }
    return $lines . $last;
}

// ---- The protocol. ------------------------------------------------------------------

function answer(array $request): array {
    if ($request['op'] === 'hello') return HELLO;
    if ($request['op'] !== 'decode' || $request['format'] !== 'pickle') {
        return ['unsupported' => 'this operation or format'];
    }
    if (!empty($request['options']) || !empty($request['buffers'])) {
        return ['unsupported' => 'options and buffers'];
    }
    $data = hex2bin($request['data']);  // which warns of what is no hex
    try {
        [$value, $consumed] = implementation($data);
    } catch (Unsupported $why) {
        return ['unsupported' => $why->getMessage()];
    } catch (Throwable $error) {
        return ['error' => get_class($error), 'message' => $error->getMessage()];
    }
    return ['value' => value_text($value), 'consumed' => $consumed];
}

// What PHP would only warn about is an error of the implementation.
set_error_handler(fn($level, $message) => throw new ErrorException($message));
ini_set('memory_limit', '-1');
ini_set('serialize_precision', '-1');
while (($line = fgets(STDIN)) !== false) {
    $fields = [];
    try {
        $request = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        if ($request['op'] === 'bye') break;
        if (isset($request['id'])) $fields['id'] = $request['id'];
        $fields += answer($request);
    } catch (Throwable $error) {  // a broken request, or a mistake of this adapter
        $fields += ['error' => 'ProtocolError', 'message' => $error->getMessage()];
    }
    fwrite(STDOUT, json_encode($fields, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}
