# Assay's adapter for Ruby's dbm and sdbm. README.md says which answers for what.
require 'fileutils'
require 'json'
require 'tmpdir'

# A format on the wire: the class, and how it opens a path for reading.
OPENS = {
  'dbm.ndbm' => ['dbm', ->(path) { DBM.open(path, nil, DBM::READER) }],
  'dbm.gnu' => ['gdbm', ->(path) { GDBM.open(path, nil, GDBM::READER) }],
  'dbm.sdbm' => ['sdbm', ->(path) { SDBM.open(path, nil) }]
}.select do |_, (library, _)|
  require library
  true
rescue LoadError
  false
end

def literal(bytes)
  text = bytes.b.gsub(/[\\']/n) { |c| "\\#{c}" }
  "b'#{text.gsub(/[^ -~]/n) { |c| format('\\x%02x', c.ord) }}'"
end

def read(request)
  _, open = OPENS[request['format']]
  return { unsupported: "read #{request['format']}" } unless open

  Dir.mktmpdir do |folder|
    path = File.join(folder, File.basename(request['path']))
    ['', '.dir', '.pag', '.db'].each do |ending|
      file = request['path'] + ending
      FileUtils.cp(file, path + ending) if File.file?(file)
    end
    read_copy(open, path)
  end
end

def read_copy(open, path)
  store = open.call(path)
  # nil, not an exception, where there is no such file
  return { error: 'nil', message: 'open gave nil' } if store.nil?

  entries = []
  store.each_pair { |key, value| entries << "#{literal(key)}: #{literal(value)}" }
  store.close
  { value: "{#{entries.join(', ')}}" }
rescue StandardError => e
  { error: e.class.name, message: e.message.b.gsub(/[^ -~]/n, '?') }
end

def hello
  { implementation: 'ruby-dbm', version: RUBY_VERSION, language: 'Ruby', window: 8,
    formats: OPENS.keys.sort.map { |format| "#{format}:read" }, identity: 'none', lossy: [] }
end

$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line)
  break if request['op'] == 'bye'

  answer = case request['op']
           when 'hello' then hello
           when 'read' then read(request)
           else { unsupported: request['op'] }
           end
  answer[:id] = request['id'] if request.key?('id')
  puts JSON.generate(answer)
end
