#include "reference/adapter/script_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "reference/dbm/mapped_file.h"
#include "reference/dbm/whichdb.h"
#include "reference/value/literal.h"
#include "reference/value/utf8.h"

namespace assay::adapter {
namespace {

using dbm::Raised;
namespace fs = std::filesystem;

std::string bytes_text(std::string_view bytes) {
  std::string text;
  append_bytes_literal(text, bytes);
  return text;
}

// A key as the database gives it: 2.7's may be unicode.
std::string key_text(const dbm::DumbDatabase& database, const std::string& key) {
  const std::string text = bytes_text(key);
  return database.is_unicode(key) ? text.substr(1) : text;
}

const char* boolean_text(bool value) {
  return value ? "True" : "False";
}

std::string list_text(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ", "));
}

// A key or value as the module takes it.
struct Argument {
  enum class Kind : std::uint8_t {
    usable,      // bytes, or text that was encoded
    other,       // equal to no key
    unhashable,  // TypeError as soon as it is looked up
  };
  Kind kind = Kind::other;
  std::string bytes;      // usable
  bool writable = false;  // a key, or a value, that __setitem__ takes
};

// 3.x encodes text as UTF-8; 2.7's unicode equals the str of the same ASCII, and is
// not stored.
Argument argument(const ScriptSession& session, const Graph& graph, NodeId node) {
  Argument result;
  switch (graph.kind(node)) {
    case Kind::bytes:
      return {Argument::Kind::usable, std::string(graph.text(node)), true};
    case Kind::string:
      if (session.python2()) {
        if (!is_ascii(graph.data(node))) return result;
        return {Argument::Kind::usable, std::string(graph.text(node)), false};
      }
      if (!valid_utf8(graph.data(node), false))
        throw Raised("UnicodeEncodeError", "surrogates not allowed");
      return {Argument::Kind::usable, std::string(graph.text(node)), true};
    case Kind::bytearray:
      return {Argument::Kind::unhashable, std::string(graph.text(node)), !session.python2()};
    case Kind::list:
    case Kind::dict:
    case Kind::set:
      result.kind = Argument::Kind::unhashable;
      return result;
    case Kind::tuple:
    case Kind::frozenset:
      if (graph.size() > 0 && !graph.items(node).empty())
        throw ScriptUnsupported("a tuple that is a key");
      return result;
    default:
      return result;
  }
}

dbm::DumbDatabase& database(ScriptSession& session) {
  return *session.database();
}

// --- what the module does ----------------------------------------------------------

std::string get_item(ScriptSession& session, const Graph& graph, NodeId key) {
  const Argument wanted = argument(session, graph, key);
  if (wanted.kind == Argument::Kind::usable) return database(session).get(wanted.bytes);
  (void)database(session).size();  // raises of a closed one
  throw Raised(wanted.kind == Argument::Kind::unhashable ? "TypeError" : "KeyError", "key");
}

void set_item(ScriptSession& session, const Graph& graph, NodeId key, NodeId value) {
  database(session).need_writable();
  const Argument at = argument(session, graph, key);
  if (!at.writable) throw Raised("TypeError", "keys must be bytes or strings");
  const Argument to = argument(session, graph, value);
  if (!to.writable) throw Raised("TypeError", "values must be bytes or strings");
  if (at.kind == Argument::Kind::usable) return database(session).set(at.bytes, to.bytes);
  database(session).begin_writing();
  throw Raised("TypeError", "unhashable type");
}

void delete_key(ScriptSession& session, const Graph& graph, NodeId key) {
  database(session).need_writable();
  const Argument wanted = argument(session, graph, key);
  if (wanted.kind == Argument::Kind::usable) return database(session).erase(wanted.bytes);
  database(session).begin_writing();
  throw Raised(wanted.kind == Argument::Kind::unhashable ? "TypeError" : "KeyError", "key");
}

bool contains_key(ScriptSession& session, const Graph& graph, NodeId key) {
  const Argument wanted = argument(session, graph, key);
  if (wanted.kind == Argument::Kind::usable) return database(session).contains(wanted.bytes);
  (void)database(session).size();
  if (wanted.kind == Argument::Kind::unhashable) throw Raised("TypeError", "unhashable type");
  return false;
}

// The pair that was first, its key as value text. MutableMapping.popitem,
// UserDict.DictMixin.popitem
std::pair<std::string, std::string> pop_first(ScriptSession& session) {
  const std::vector<std::string> keys = database(session).keys();
  if (keys.empty()) throw Raised("KeyError", "container is empty");
  std::pair<std::string, std::string> pair{key_text(database(session), keys[0]),
                                           database(session).get(keys[0])};
  database(session).erase(keys[0]);
  return pair;
}

// --- operations --------------------------------------------------------------------

// The flag of an operation, if it has one; what is no flag at all is "?".
std::optional<std::string> flag_of(const ScriptSession& session, const Graph& graph,
                                   ScriptValues values) {
  if (values.empty()) return std::nullopt;
  const Kind kind = graph.kind(values[0]);
  const bool text = kind == Kind::string || (kind == Kind::bytes && session.python2());
  return text ? std::string(graph.text(values[0])) : "?";
}

std::string open(ScriptSession& session, const Graph& graph, ScriptValues values) {
  session.end();
  if (values.size() > 1 && !graph.items(values[1]).empty())
    throw ScriptFault("only a shelf is opened with settings");
  const auto flag = flag_of(session, graph, values);
  session.database() = session.opened(flag ? &*flag : nullptr);
  return "None";
}

std::string second(ScriptSession& session, const Graph& graph, ScriptValues values) {
  const auto flag = flag_of(session, graph, values);
  session.opened(flag ? &*flag : nullptr)->close();
  return "None";
}

std::string drop(ScriptSession& session, const Graph&, ScriptValues) {
  session.end();
  return "None";
}

std::string crash(ScriptSession& session, const Graph&, ScriptValues) {
  if (session.database()) session.database()->abandon();
  session.end();
  return "None";
}

std::string which(ScriptSession& session, const Graph&, ScriptValues) {
  const auto answer = dbm::whichdb(session.base(), session.python(), dbm::NdbmLibrary::none);
  if (answer.kind == dbm::WhichdbAnswer::Kind::raises) throw Raised(answer.text, "whichdb");
  const bool bytes = session.python2() && answer.kind != dbm::WhichdbAnswer::Kind::none;
  return (bytes ? "b" : "") + dbm::shown(answer);
}

std::string files(ScriptSession& session, const Graph&, ScriptValues) {
  std::vector<std::string> there;
  for (const std::string_view ending : script_endings)
    if (fs::is_regular_file(session.base() + std::string(ending)))
      there.push_back(fmt::format("'{}'", ending));
  return list_text(there);
}

std::string path_of(const ScriptSession& session, const Graph& graph, NodeId ending) {
  const std::string text(graph.text(ending));
  if (std::find(script_endings.begin(), script_endings.end(), text) == script_endings.end())
    throw ScriptFault(fmt::format("no file of a database ends in '{}'", text));
  return session.base() + text;
}

std::string file(ScriptSession& session, const Graph& graph, ScriptValues values) {
  const std::string path = path_of(session, graph, values[0]);
  if (!fs::is_regular_file(path)) return "None";
  std::ifstream in(path, std::ios::binary);
  return bytes_text(std::string(std::istreambuf_iterator<char>(in), {}));
}

std::string put(ScriptSession& session, const Graph& graph, ScriptValues values) {
  std::ofstream(path_of(session, graph, values[0]), std::ios::binary) << graph.text(values[1]);
  return "None";
}

std::string erase(ScriptSession& session, const Graph& graph, ScriptValues values) {
  std::error_code error;
  if (!fs::remove(path_of(session, graph, values[0]), error))
    throw Raised(session.python2() ? "OSError" : "FileNotFoundError", "no such file");
  return "None";
}

std::string set_default(ScriptSession&, const Graph& graph, ScriptValues values) {
  if (graph.text(values[0]) != "dbm.dumb") throw ScriptUnsupported("another default");
  return "None";
}

std::string set(ScriptSession& session, const Graph& graph, ScriptValues values) {
  set_item(session, graph, values[0], values[1]);
  return "None";
}

std::string item(ScriptSession& session, const Graph& graph, ScriptValues values) {
  return bytes_text(get_item(session, graph, values[0]));
}

std::string delete_(ScriptSession& session, const Graph& graph, ScriptValues values) {
  delete_key(session, graph, values[0]);
  return "None";
}

std::string contains(ScriptSession& session, const Graph& graph, ScriptValues values) {
  return boolean_text(contains_key(session, graph, values[0]));
}

std::string len(ScriptSession& session, const Graph&, ScriptValues) {
  return std::to_string(database(session).size());
}

std::string bool_(ScriptSession& session, const Graph&, ScriptValues) {
  return boolean_text(database(session).size() != 0);
}

std::string keys(ScriptSession& session, const Graph&, ScriptValues) {
  std::vector<std::string> texts;
  for (const std::string& key : database(session).keys())
    texts.push_back(key_text(database(session), key));
  return list_text(texts);
}

std::string values(ScriptSession& session, const Graph&, ScriptValues) {
  std::vector<std::string> texts;
  for (const std::string& key : database(session).keys())
    texts.push_back(bytes_text(database(session).get(key)));
  return list_text(texts);
}

std::string items(ScriptSession& session, const Graph&, ScriptValues) {
  std::vector<std::string> texts;
  for (const std::string& key : database(session).keys())
    texts.push_back(fmt::format("({}, {})", key_text(database(session), key),
                                bytes_text(database(session).get(key))));
  return list_text(texts);
}

// What is done with a value that is there, or with the one that stands for it.
std::string get(ScriptSession& session, const Graph& graph, ScriptValues values) {
  try {
    return bytes_text(get_item(session, graph, values[0]));
  } catch (const Raised& raised) {
    if (raised.error() != "KeyError") throw;
  }
  return values.size() > 1 ? print(graph, values[1]) : "None";
}

std::string setdefault(ScriptSession& session, const Graph& graph, ScriptValues values) {
  try {
    return bytes_text(get_item(session, graph, values[0]));
  } catch (const Raised& raised) {
    if (raised.error() != "KeyError") throw;
  }
  if (values.size() < 2) {
    database(session).need_writable();
    throw Raised("TypeError", "values must be bytes or strings");
  }
  set_item(session, graph, values[0], values[1]);
  return print(graph, values[1]);
}

std::string pop(ScriptSession& session, const Graph& graph, ScriptValues values) {
  std::string value;
  try {
    value = get_item(session, graph, values[0]);
  } catch (const Raised& raised) {
    if (raised.error() != "KeyError" || values.size() < 2) throw;
    return print(graph, values[1]);
  }
  delete_key(session, graph, values[0]);
  return bytes_text(value);
}

std::string popitem(ScriptSession& session, const Graph&, ScriptValues) {
  const auto [key, value] = pop_first(session);
  return fmt::format("({}, {})", key, bytes_text(value));
}

std::string update(ScriptSession& session, const Graph& graph, ScriptValues values) {
  const auto pairs = graph.items(values[0]);
  if (graph.kind(values[0]) != Kind::dict || (session.python2() && pairs.size() > 2))
    throw ScriptUnsupported("an update from what has no order");
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    set_item(session, graph, pairs[i], pairs[i + 1]);
  return "None";
}

std::string clear(ScriptSession& session, const Graph&, ScriptValues) {
  if (session.python2()) {
    for (const std::string& key : database(session).keys()) database(session).erase(key);
    return "None";
  }
  try {
    for (;;) pop_first(session);
  } catch (const Raised& raised) {
    if (raised.error() != "KeyError") throw;
  }
  return "None";
}

std::string has_key(ScriptSession& session, const Graph& graph, ScriptValues values) {
  if (!session.python2()) throw Raised("AttributeError", "has_key");
  return contains(session, graph, values);
}

std::string sync(ScriptSession& session, const Graph&, ScriptValues) {
  database(session).sync();
  return "None";
}

std::string close(ScriptSession& session, const Graph&, ScriptValues) {
  database(session).close();
  return "None";
}

std::string enter(ScriptSession& session, const Graph&, ScriptValues) {
  if (session.python2()) throw Raised("AttributeError", "__enter__");
  return "True";
}

std::string exit(ScriptSession& session, const Graph& graph, ScriptValues values) {
  if (session.python2()) throw Raised("AttributeError", "__exit__");
  return close(session, graph, values);
}

std::string append(ScriptSession& session, const Graph& graph, ScriptValues values) {
  (void)get_item(session, graph, values[0]);
  throw Raised("AttributeError", "append");
}

std::string inside(ScriptSession& session, const Graph& graph, ScriptValues values) {
  (void)get_item(session, graph, values[0]);
  throw Raised("TypeError", "does not support item assignment");
}

// Methods that dbm.dumb does not have.
std::string absent(ScriptSession&, const Graph&, ScriptValues) {
  throw Raised("AttributeError", "no such method");
}

// 3.15 has it; what it leaves in the files has not been seen.
std::string reorganize(ScriptSession& session, const Graph& graph, ScriptValues values) {
  if (session.python() >= dbm::Python{3, 15}) throw ScriptUnsupported("reorganize");
  return absent(session, graph, values);
}

using Run = std::string (*)(ScriptSession&, const Graph&, ScriptValues);

// An operation on what is open.
template <Run run>
std::string opened(ScriptSession& session, const Graph& graph, ScriptValues values) {
  return session.database() == nullptr ? "Ellipsis" : run(session, graph, values);
}

constexpr ScriptOperation operations[] = {
    {"open", 0, 2, open},
    {"second", 0, 1, second},
    {"drop", 0, 0, drop},
    {"crash", 0, 0, crash},
    {"default", 1, 1, set_default},
    {"which", 0, 0, which},
    {"files", 0, 0, files},
    {"file", 1, 1, file},
    {"put", 2, 2, put},
    {"erase", 1, 1, erase},
    {"item", 1, 1, opened<item>},
    {"set", 2, 2, opened<set>},
    {"delete", 1, 1, opened<delete_>},
    {"contains", 1, 1, opened<contains>},
    {"len", 0, 0, opened<len>},
    {"bool", 0, 0, opened<bool_>},
    {"iter", 0, 0, opened<keys>},
    {"append", 2, 2, opened<append>},
    {"inside", 3, 3, opened<inside>},
    {"enter", 0, 0, opened<enter>},
    {"exit", 0, 0, opened<exit>},
    {"cache", 0, 0, opened<absent>},
    {"stored", 0, 0, opened<absent>},
    {"get", 1, 2, opened<get>},
    {"setdefault", 1, 2, opened<setdefault>},
    {"pop", 1, 2, opened<pop>},
    {"popitem", 0, 0, opened<popitem>},
    {"update", 1, 1, opened<update>},
    {"clear", 0, 0, opened<clear>},
    {"keys", 0, 0, opened<keys>},
    {"values", 0, 0, opened<values>},
    {"items", 0, 0, opened<items>},
    {"has_key", 1, 1, opened<has_key>},
    {"firstkey", 0, 0, opened<absent>},
    {"nextkey", 1, 1, opened<absent>},
    {"reorganize", 0, 0, opened<reorganize>},
    {"sync", 0, 0, opened<sync>},
    {"close", 0, 0, opened<close>},
    {"first", 0, 0, opened<absent>},
    {"next", 0, 0, opened<absent>},
    {"previous", 0, 0, opened<absent>},
    {"last", 0, 0, opened<absent>},
    {"set_location", 1, 1, opened<absent>},
};

}  // namespace

const ScriptOperation* find_script_operation(std::string_view name) {
  const auto found = std::find_if(std::begin(operations), std::end(operations),
                                  [&](const ScriptOperation& one) { return one.name == name; });
  return found == std::end(operations) ? nullptr : found;
}

std::string raises_text(std::string_view error) {
  return fmt::format("global('raises', '{}')", error);
}

std::unique_ptr<dbm::DumbDatabase> ScriptSession::opened(const std::string* flag) const {
  if (!chosen_) return std::make_unique<dbm::DumbDatabase>(base_, flag ? *flag : "c", python_);
  // dbm.open, anydbm.open
  const std::string wanted = flag ? *flag : "r";
  const bool creates = wanted.find_first_of("cn") != std::string::npos;
  const bool asks = python2() || wanted.find('n') == std::string::npos;
  if (wanted == "?") throw ScriptUnsupported("a flag that is no text");
  const auto found =
      asks ? dbm::whichdb(base_, python_, dbm::NdbmLibrary::none) : dbm::WhichdbAnswer{};
  const bool none = found.kind == dbm::WhichdbAnswer::Kind::none;
  if (!none && found.text != "dbm.dumb" && found.text != "dumbdbm") {
    if (!found.text.empty()) throw ScriptUnsupported(found.text);
    throw Raised("dbm.error", "db type could not be determined");
  }
  if (none && !creates) throw Raised("dbm.error", "db file doesn't exist");
  return std::make_unique<dbm::DumbDatabase>(base_, wanted, python_);
}

std::string ScriptSession::mapping_text() {
  end();
  try {
    const std::string reading = "r";
    database_ = opened(&reading);
    std::vector<std::string> pairs;
    for (const std::string& key : database_->keys()) {
      std::string value;
      try {
        value = bytes_text(database_->get(key));
      } catch (const Raised& raised) {
        value = raises_text(raised.error());
      }
      pairs.push_back(key_text(*database_, key) + ": " + value);
    }
    database_->close();
    return fmt::format("{{{}}}", fmt::join(pairs, ", "));
  } catch (const Raised& raised) {
    return raises_text(raised.error());
  }
}

}  // namespace assay::adapter
