#include "reference/pickle/name_mapping.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace assay::pickle {
namespace {

constexpr std::array<RenamedGlobal, 117> globals = {{
    {{"CGIHTTPServer", "CGIHTTPRequestHandler"},
     {"http.server", "CGIHTTPRequestHandler"},
     Way::writing,
     Quirk::cgihttpserver_not_renamed},
    {{"DocXMLRPCServer", "DocCGIXMLRPCRequestHandler"},
     {"xmlrpc.server", "DocCGIXMLRPCRequestHandler"},
     Way::writing},
    {{"DocXMLRPCServer", "DocXMLRPCRequestHandler"},
     {"xmlrpc.server", "DocXMLRPCRequestHandler"},
     Way::writing},
    {{"DocXMLRPCServer", "DocXMLRPCServer"}, {"xmlrpc.server", "DocXMLRPCServer"}, Way::writing},
    {{"DocXMLRPCServer", "ServerHTMLDoc"}, {"xmlrpc.server", "ServerHTMLDoc"}, Way::writing},
    {{"DocXMLRPCServer", "XMLRPCDocGenerator"},
     {"xmlrpc.server", "XMLRPCDocGenerator"},
     Way::writing},
    {{"FileDialog", "FileDialog"}, {"tkinter.filedialog", "FileDialog"}, Way::writing},
    {{"FileDialog", "LoadFileDialog"}, {"tkinter.filedialog", "LoadFileDialog"}, Way::writing},
    {{"FileDialog", "SaveFileDialog"}, {"tkinter.filedialog", "SaveFileDialog"}, Way::writing},
    {{"SimpleDialog", "SimpleDialog"}, {"tkinter.simpledialog", "SimpleDialog"}, Way::writing},
    {{"SimpleHTTPServer", "SimpleHTTPRequestHandler"},
     {"http.server", "SimpleHTTPRequestHandler"},
     Way::writing},
    {{"UserDict", "IterableUserDict"}, {"collections", "UserDict"}},
    {{"UserDict", "UserDict"}, {"collections", "UserDict"}, Way::reading},
    {{"UserList", "UserList"}, {"collections", "UserList"}},
    {{"UserString", "UserString"}, {"collections", "UserString"}},
    {{"__builtin__", "basestring"}, {"builtins", "str"}, Way::reading},
    {{"__builtin__", "intern"}, {"sys", "intern"}},
    {{"__builtin__", "long"}, {"builtins", "int"}},
    {{"__builtin__", "reduce"}, {"_functools", "reduce"}, Way::writing},
    {{"__builtin__", "reduce"}, {"functools", "reduce"}},
    {{"__builtin__", "unichr"}, {"builtins", "chr"}},
    {{"__builtin__", "unicode"}, {"builtins", "str"}},
    {{"__builtin__", "xrange"}, {"builtins", "range"}},
    {{"_multiprocessing", "Connection"}, {"multiprocessing.connection", "Connection"}},
    {{"_socket", "fromfd"}, {"socket", "fromfd"}},
    {{"exceptions", "ArithmeticError"}, {"builtins", "ArithmeticError"}},
    {{"exceptions", "AssertionError"}, {"builtins", "AssertionError"}},
    {{"exceptions", "AttributeError"}, {"builtins", "AttributeError"}},
    {{"exceptions", "BaseException"}, {"builtins", "BaseException"}},
    {{"exceptions", "BufferError"}, {"builtins", "BufferError"}},
    {{"exceptions", "BytesWarning"}, {"builtins", "BytesWarning"}},
    {{"exceptions", "DeprecationWarning"}, {"builtins", "DeprecationWarning"}},
    {{"exceptions", "EOFError"}, {"builtins", "EOFError"}},
    {{"exceptions", "EnvironmentError"}, {"builtins", "EnvironmentError"}},
    {{"exceptions", "Exception"}, {"builtins", "Exception"}},
    {{"exceptions", "FloatingPointError"}, {"builtins", "FloatingPointError"}},
    {{"exceptions", "FutureWarning"}, {"builtins", "FutureWarning"}},
    {{"exceptions", "GeneratorExit"}, {"builtins", "GeneratorExit"}},
    {{"exceptions", "IOError"}, {"builtins", "IOError"}},
    {{"exceptions", "ImportError"},
     {"builtins", "ImportCycleError"},
     Way::writing,
     Quirk::end_,
     Quirk::import_cycle_error_renamed},
    {{"exceptions", "ImportError"}, {"builtins", "ImportError"}},
    {{"exceptions", "ImportError"}, {"builtins", "ModuleNotFoundError"}, Way::writing},
    {{"exceptions", "ImportWarning"}, {"builtins", "ImportWarning"}},
    {{"exceptions", "IndentationError"}, {"builtins", "IndentationError"}},
    {{"exceptions", "IndexError"}, {"builtins", "IndexError"}},
    {{"exceptions", "KeyError"}, {"builtins", "KeyError"}},
    {{"exceptions", "KeyboardInterrupt"}, {"builtins", "KeyboardInterrupt"}},
    {{"exceptions", "LookupError"}, {"builtins", "LookupError"}},
    {{"exceptions", "MemoryError"}, {"builtins", "MemoryError"}},
    {{"exceptions", "NameError"}, {"builtins", "NameError"}},
    {{"exceptions", "NotImplementedError"}, {"builtins", "NotImplementedError"}},
    {{"exceptions", "OSError"}, {"builtins", "BrokenPipeError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ChildProcessError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ConnectionAbortedError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ConnectionError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ConnectionRefusedError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ConnectionResetError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "FileExistsError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "FileNotFoundError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "InterruptedError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "IsADirectoryError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "NotADirectoryError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "OSError"}},
    {{"exceptions", "OSError"}, {"builtins", "PermissionError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "ProcessLookupError"}, Way::writing},
    {{"exceptions", "OSError"}, {"builtins", "TimeoutError"}, Way::writing},
    {{"exceptions", "OverflowError"}, {"builtins", "OverflowError"}},
    {{"exceptions", "PendingDeprecationWarning"}, {"builtins", "PendingDeprecationWarning"}},
    {{"exceptions", "ReferenceError"}, {"builtins", "ReferenceError"}},
    {{"exceptions", "RuntimeError"}, {"builtins", "RuntimeError"}},
    {{"exceptions", "RuntimeWarning"}, {"builtins", "RuntimeWarning"}},
    {{"exceptions", "StandardError"}, {"builtins", "Exception"}, Way::reading},
    {{"exceptions", "StopIteration"}, {"builtins", "StopIteration"}},
    {{"exceptions", "SyntaxError"}, {"builtins", "SyntaxError"}},
    {{"exceptions", "SyntaxWarning"}, {"builtins", "SyntaxWarning"}},
    {{"exceptions", "SystemError"}, {"builtins", "SystemError"}},
    {{"exceptions", "SystemExit"}, {"builtins", "SystemExit"}},
    {{"exceptions", "TabError"}, {"builtins", "TabError"}},
    {{"exceptions", "TypeError"}, {"builtins", "TypeError"}},
    {{"exceptions", "UnboundLocalError"}, {"builtins", "UnboundLocalError"}},
    {{"exceptions", "UnicodeDecodeError"}, {"builtins", "UnicodeDecodeError"}},
    {{"exceptions", "UnicodeEncodeError"}, {"builtins", "UnicodeEncodeError"}},
    {{"exceptions", "UnicodeError"}, {"builtins", "UnicodeError"}},
    {{"exceptions", "UnicodeTranslateError"}, {"builtins", "UnicodeTranslateError"}},
    {{"exceptions", "UnicodeWarning"}, {"builtins", "UnicodeWarning"}},
    {{"exceptions", "UserWarning"}, {"builtins", "UserWarning"}},
    {{"exceptions", "ValueError"}, {"builtins", "ValueError"}},
    {{"exceptions", "Warning"}, {"builtins", "Warning"}},
    {{"exceptions", "ZeroDivisionError"}, {"builtins", "ZeroDivisionError"}},
    {{"itertools", "ifilter"}, {"builtins", "filter"}},
    {{"itertools", "ifilterfalse"}, {"itertools", "filterfalse"}},
    {{"itertools", "imap"}, {"builtins", "map"}},
    {{"itertools", "izip"}, {"builtins", "zip"}},
    {{"itertools", "izip_longest"}, {"itertools", "zip_longest"}},
    {{"multiprocessing", "AuthenticationError"},
     {"multiprocessing.context", "AuthenticationError"}},
    {{"multiprocessing", "BufferTooShort"}, {"multiprocessing.context", "BufferTooShort"}},
    {{"multiprocessing", "ProcessError"}, {"multiprocessing.context", "ProcessError"}},
    {{"multiprocessing", "TimeoutError"}, {"multiprocessing.context", "TimeoutError"}},
    {{"multiprocessing.forking", "Popen"}, {"multiprocessing.popen_fork", "Popen"}},
    {{"multiprocessing.process", "Process"}, {"multiprocessing.context", "Process"}},
    {{"socket", "_socketobject"}, {"_socket", "socket"}, Way::writing},
    {{"socket", "_socketobject"}, {"socket", "SocketType"}, Way::reading},
    {{"urllib", "ContentTooShortError"}, {"urllib.error", "ContentTooShortError"}},
    {{"urllib", "getproxies"}, {"urllib.request", "getproxies"}},
    {{"urllib", "pathname2url"}, {"urllib.request", "pathname2url"}},
    {{"urllib", "quote"}, {"urllib.parse", "quote"}},
    {{"urllib", "quote_plus"}, {"urllib.parse", "quote_plus"}},
    {{"urllib", "unquote"}, {"urllib.parse", "unquote"}},
    {{"urllib", "unquote_plus"}, {"urllib.parse", "unquote_plus"}},
    {{"urllib", "url2pathname"}, {"urllib.request", "url2pathname"}},
    {{"urllib", "urlcleanup"}, {"urllib.request", "urlcleanup"}},
    {{"urllib", "urlencode"}, {"urllib.parse", "urlencode"}},
    {{"urllib", "urlopen"}, {"urllib.request", "urlopen"}},
    {{"urllib", "urlretrieve"}, {"urllib.request", "urlretrieve"}},
    {{"urllib2", "HTTPError"}, {"urllib.error", "HTTPError"}},
    {{"urllib2", "URLError"}, {"urllib.error", "URLError"}},
    {{"whichdb", "whichdb"}, {"dbm", "whichdb"}},
}};

constexpr std::array<RenamedModule, 60> modules = {{
    {"BaseHTTPServer", "http.server"},
    {"CGIHTTPServer", "http.server", Way::reading, Quirk::cgihttpserver_not_renamed},
    {"ConfigParser", "configparser"},
    {"Cookie", "http.cookies"},
    {"Dialog", "tkinter.dialog"},
    {"DocXMLRPCServer", "xmlrpc.server", Way::reading},
    {"FileDialog", "tkinter.filedialog", Way::reading},
    {"HTMLParser", "html.parser"},
    {"Queue", "queue"},
    {"ScrolledText", "tkinter.scrolledtext"},
    {"SimpleDialog", "tkinter.simpledialog", Way::reading},
    {"SimpleHTTPServer", "http.server", Way::reading},
    {"SimpleXMLRPCServer", "xmlrpc.server"},
    {"SocketServer", "socketserver"},
    {"StringIO", "io", Way::reading},
    {"Tix", "tkinter.tix", Way::both, Quirk::tix_not_renamed},
    {"Tkconstants", "tkinter.constants"},
    {"Tkdnd", "tkinter.dnd"},
    {"Tkinter", "tkinter"},
    {"UserDict", "collections", Way::reading},
    {"UserList", "collections", Way::reading},
    {"UserString", "collections", Way::reading},
    {"__builtin__", "builtins"},
    {"_abcoll", "collections.abc"},
    {"_elementtree", "xml.etree.ElementTree", Way::reading},
    {"_winreg", "winreg"},
    {"anydbm", "dbm"},
    {"bz2", "_bz2", Way::writing},
    {"cPickle", "pickle", Way::reading},
    {"cStringIO", "io", Way::reading},
    {"commands", "subprocess"},
    {"cookielib", "http.cookiejar"},
    {"copy_reg", "copyreg"},
    {"dbhash", "dbm.bsd"},
    {"dbm", "_dbm", Way::writing},
    {"dbm", "dbm.ndbm"},
    {"dumbdbm", "dbm.dumb"},
    {"dummy_thread", "_dummy_thread"},
    {"functools", "_functools", Way::writing},
    {"gdbm", "_gdbm", Way::writing},
    {"gdbm", "dbm.gnu"},
    {"htmlentitydefs", "html.entities"},
    {"httplib", "http.client"},
    {"markupbase", "_markupbase"},
    {"pickle", "_pickle", Way::writing},
    {"repr", "reprlib"},
    {"robotparser", "urllib.robotparser"},
    {"test.test_support", "test.support"},
    {"thread", "_thread"},
    {"tkColorChooser", "tkinter.colorchooser"},
    {"tkCommonDialog", "tkinter.commondialog"},
    {"tkFileDialog", "tkinter.filedialog"},
    {"tkFont", "tkinter.font"},
    {"tkMessageBox", "tkinter.messagebox"},
    {"tkSimpleDialog", "tkinter.simpledialog"},
    {"ttk", "tkinter.ttk"},
    {"urllib2", "urllib.request"},
    {"urlparse", "urllib.parse"},
    {"whichdb", "dbm", Way::reading},
    {"xmlrpclib", "xmlrpc.client"},
}};

bool applies(Way way, Way wanted, Quirk until, Quirk since, const Profile& profile) {
  return (way == Way::both || way == wanted) && (until == Quirk::end_ || !profile.has(until)) &&
         (since == Quirk::end_ || profile.has(since));
}

// The rows of a table in the order of their Python 3 names.
template <class Row, std::size_t size>
constexpr std::array<std::uint8_t, size> by_python3(const std::array<Row, size>& rows) {
  static_assert(size < 256);
  std::array<std::uint8_t, size> order{};
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::sort(order.begin(), order.end(), [&rows](std::uint8_t a, std::uint8_t b) {
    return rows[a].python3 != rows[b].python3 ? rows[a].python3 < rows[b].python3 : a < b;
  });
  return order;
}
constexpr auto globals_by_python3 = by_python3(globals);
constexpr auto modules_by_python3 = by_python3(modules);

// The row of a name of Python 2 that applies when reading; null without one.
template <class Rows, class Name>
const typename Rows::value_type* row_to_read(const Rows& rows, const Name& name,
                                             const Profile& profile) {
  auto row = std::lower_bound(
      rows.begin(), rows.end(), name,
      [](const typename Rows::value_type& one, const Name& n) { return one.python2 < n; });
  for (; row != rows.end() && row->python2 == name; ++row)
    if (applies(row->way, Way::reading, row->until, row->since, profile)) return &*row;
  return nullptr;
}

// The row of a name of Python 3 that applies when writing; null without one.
template <class Rows, class Order, class Name>
const typename Rows::value_type* row_to_write(const Rows& rows, const Order& order,
                                              const Name& name, const Profile& profile) {
  auto at = std::lower_bound(
      order.begin(), order.end(), name,
      [&rows](std::uint8_t index, const Name& n) { return rows[index].python3 < n; });
  for (; at != order.end() && rows[*at].python3 == name; ++at) {
    const auto& row = rows[*at];
    if (applies(row.way, Way::writing, row.until, row.since, profile)) return &row;
  }
  return nullptr;
}

}  // namespace

std::span<const RenamedGlobal> renamed_globals() {
  return globals;
}
std::span<const RenamedModule> renamed_modules() {
  return modules;
}

GlobalName python3_name(GlobalName name, const Profile& profile) {
  if (const RenamedGlobal* row = row_to_read(globals, name, profile)) return row->python3;
  if (const RenamedModule* row = row_to_read(modules, name.module, profile))
    return {row->python3, name.name};
  return name;
}

GlobalName python2_name(GlobalName name, const Profile& profile) {
  if (const auto* row = row_to_write(globals, globals_by_python3, name, profile))
    return row->python2;
  if (const auto* row = row_to_write(modules, modules_by_python3, name.module, profile))
    return {row->python2, name.name};
  return name;
}

}  // namespace assay::pickle
