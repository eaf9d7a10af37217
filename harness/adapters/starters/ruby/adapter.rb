# A starter: an adapter in Ruby, to be copied. ../README.md says how.
#
# The toy below reads twenty opcodes. Put your implementation in its place, in
# implementation(); the rest prints Ruby's values and speaks the protocol.
require 'json'

class Unsupported < StandardError; end

# What Ruby has no value of its own for. A name in the data is never looked up.
Tuple = Struct.new(:items)
Global = Struct.new(:module_name, :name)

# ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
# Raise what it raises; raise Unsupported for what it does not claim to do. If it
# makes arrays of tuples, delete Tuple and say lossy: ['tuple=list'].

def implementation(data)
  Toy.new(data).load
end

HELLO = {
  implementation: 'toy', version: '1.0', language: 'Ruby', window: 16,
  formats: ['pickle:decode:0-3'], identity: 'mutable', lossy: []
}

# ------------------------------------------------------------------------------------

class Toy
  def initialize(data)
    @data, @at, @stack, @marks, @memo = data, 0, [], [], {}
  end

  def take(count)
    raise EOFError, 'pickle ends early' if @data.bytesize - @at < count

    @at += count
    @data.byteslice(@at - count, count)
  end

  def line
    last = @data.index("\n".b, @at) or raise EOFError, 'pickle ends early'
    take(last + 1 - @at)[0..-2].force_encoding('UTF-8')
  end

  def since_mark
    @stack.slice!(@marks.pop..)
  end

  def integer(bytes)
    value = bytes.bytes.reverse.inject(0) { |sum, byte| sum << 8 | byte }
    bytes.empty? || bytes.getbyte(-1) < 0x80 ? value : value - (1 << 8 * bytes.bytesize)
  end

  def load
    loop do
      case code = take(1)
      when '.' then return [@stack.pop, @at]
      when '(' then @marks.push(@stack.size)
      when 'N' then @stack.push(nil)
      when "\x88".b then @stack.push(true)
      when "\x89".b then @stack.push(false)
      when 'K' then @stack.push(take(1).getbyte(0))
      when 'J' then @stack.push(integer(take(4)))
      when "\x8a".b then @stack.push(integer(take(take(1).getbyte(0))))
      when 'G' then @stack.push(take(8).unpack1('G'))
      when 'X' then @stack.push(take(take(4).unpack1('V')).force_encoding('UTF-8'))
      when 'C' then @stack.push(take(take(1).getbyte(0)))
      when ']' then @stack.push([])
      when 'e' then items = since_mark; @stack.last.concat(items)
      when ')' then @stack.push(Tuple.new([]))
      when 't' then items = since_mark; @stack.push(Tuple.new(items))
      when '}' then @stack.push({})
      when 'u' then items = since_mark; items.each_slice(2) { |key, value| @stack.last[key] = value }
      when 'q' then @memo[take(1)] = @stack.last
      when 'h' then @stack.push(@memo.fetch(take(1)))
      when 'c' then first = line; @stack.push(Global.new(first, line))
      else raise Unsupported, format('opcode 0x%02x', code.getbyte(0))
      end
    end
  end
end

# ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

SHORT = { 0x5c => '\\\\', 0x27 => "\\'", 10 => '\\n', 13 => '\\r', 9 => '\\t' }

def escaped(code)
  return SHORT[code] if SHORT[code]
  return code.chr if code.between?(32, 126)

  format(code < 0x100 ? '\\x%02x' : code < 0x10000 ? '\\u%04x' : '\\U%08x', code)
end

# Strings of UTF-8 may hold a surrogate by itself, as Python encodes it. What is no
# UTF-8 at all is printed as Python's surrogateescape would read it.
def text(string)
  return "'#{string}'" if string.ascii_only? && string.match?(/\A[ -&(-\[\]-~]*\z/)

  codes = string.scan_codes
  "'#{codes.map { |code| escaped(code) }.join}'"
end

UTF8 = /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|
        \xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|./mnx

class String
  def scan_codes
    return codepoints if valid_encoding?

    b.scan(UTF8).map do |run|
      first, *rest = run.bytes
      next run.size == 1 && first > 0x7f ? 0xdc00 | first : first if rest.empty?

      rest.inject(first & (0x3f >> rest.size)) { |sum, byte| sum << 6 | byte & 0x3f }
    end
  end
end

# The text of a value without parts; nil for what has some.
def atom(value)
  case value
  when nil then 'None'
  when true then 'True'
  when false then 'False'
  when Integer then value.negative? ? "-0x#{(-value).to_s(16)}" : "0x#{value.to_s(16)}"
  when Float
    if value.nan? then 'nan'
    elsif value.infinite? then value.positive? ? 'inf' : '-inf'
    else value.to_s
    end
  when String
    return text(value) unless value.encoding == Encoding::BINARY

    "b'#{value.bytes.map { |byte| escaped(byte) }.join}'"
  when Global then "global(#{text(value.module_name)}, #{text(value.name)})"
  end
end

def value_text(root)
  labels = {}.compare_by_identity
  nodes = []
  part = lambda do |value|
    atom(value) || "*#{labels[value] ||= nodes.push(value).size}"
  end
  form = lambda do |value|
    case value
    when Array then "[#{value.map(&part).join(', ')}]"
    when Tuple then "(#{value.items.map(&part).join(', ')}#{',' if value.items.size == 1})"
    when Hash then "{#{value.map { |key, item| "#{part.(key)}: #{part.(item)}" }.join(', ')}}"
    else raise TypeError, "no value text for #{value.class}"
    end
  end
  last = part.(root)
  lines = []
  lines.push("&#{lines.size + 1} = #{form.(nodes[lines.size])}\n") while lines.size < nodes.size
  lines.join + last
end

# ---- The protocol. ------------------------------------------------------------------

def answer(request)
  return HELLO if request['op'] == 'hello'
  return { unsupported: 'this operation or format' } unless request.values_at('op', 'format') == %w[decode pickle]
  return { unsupported: 'options and buffers' } if request['options'] || request['buffers']
  raise ArgumentError, 'data: no hex' unless request['data'].match?(/\A(\h\h)*\z/)

  value, consumed = begin
    implementation([request['data']].pack('H*'))
  rescue Unsupported => error
    return { unsupported: error.message }
  rescue StandardError => error
    return { error: error.class.name, message: error.message }
  end
  { value: value_text(value), consumed: consumed }
end

$stdin.each_line do |line|
  fields = {}
  begin
    request = JSON.parse(line)
    break if request['op'] == 'bye'

    fields[:id] = request['id'] if request.key?('id')
    fields.merge!(answer(request))
  rescue StandardError => error # a broken request, or a mistake of this adapter
    fields.merge!(error: 'ProtocolError', message: error.class.name)
  end
  $stdout.write(JSON.generate(fields, ascii_only: true), "\n")
  $stdout.flush
end
