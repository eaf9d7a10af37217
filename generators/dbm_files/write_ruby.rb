# A script of contents.py, carried out by a library of Ruby.
#
#     ruby write_ruby.rb dbm|sdbm|gdbm PATH < SCRIPT
library, path = ARGV
require library
store = Object.const_get(library.upcase).open(path, 0o644)
$stdin.each_line do |line|
  sign, *words = line.split
  key, value = words.map { |word| word == '.' ? '' : [word].pack('H*') }
  case sign
  when '+', '*' then store[key] = value
  when '-' then store.delete(key)
  when '!' then exit!(0)
  end
end
store.close
