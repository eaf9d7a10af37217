<?php
// A script of contents.py, carried out by a handler of PHP's dba.
//
//     php write_php.php db4|… PATH < SCRIPT
[, $handler, $path] = $argv;
$store = dba_open($path, 'n', $handler) or exit(1);
while (($line = fgets(STDIN)) !== false) {
  $words = explode(' ', trim($line));
  $parts = array_map(fn ($word) => $word === '.' ? '' : hex2bin($word), array_slice($words, 1));
  switch ($words[0]) {
    case '+':
    case '*':
      dba_replace($parts[0], $parts[1], $store) or exit(1);
      break;
    case '-':
      dba_delete($parts[0], $store) or exit(1);
      break;
    case 's':
      dba_sync($store);
      break;
    case '!':
      posix_kill(getmypid(), 9);
  }
}
dba_close($store);
