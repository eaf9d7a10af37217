// Globals: names, nested names, Python 2's names, extension codes.
#include <fmt/format.h>

#include <algorithm>

#include "reference/pickle/name_mapping.h"
#include "reference/pickle/pickler_state.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

// A name of Python 2, which is bytes: its characters as Latin-1. False where it
// has others.
bool as_latin1(std::string_view text, std::string& out) {
  const Bytes bytes = as_bytes(text);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint32_t c = decode_utf8(bytes, at);
    if (c > 0xff) return false;
    out += static_cast<char>(c);
  }
  return true;
}

// The functions of the module builtins; its other names are types.
bool is_builtin_function(std::string_view name) {
  static constexpr std::string_view names[] = {"__build_class__",
                                               "__import__",
                                               "abs",
                                               "aiter",
                                               "all",
                                               "anext",
                                               "any",
                                               "ascii",
                                               "bin",
                                               "breakpoint",
                                               "callable",
                                               "chr",
                                               "compile",
                                               "delattr",
                                               "dir",
                                               "divmod",
                                               "eval",
                                               "exec",
                                               "format",
                                               "getattr",
                                               "globals",
                                               "hasattr",
                                               "hash",
                                               "hex",
                                               "id",
                                               "input",
                                               "isinstance",
                                               "issubclass",
                                               "iter",
                                               "len",
                                               "locals",
                                               "max",
                                               "min",
                                               "next",
                                               "oct",
                                               "ord",
                                               "pow",
                                               "print",
                                               "repr",
                                               "round",
                                               "setattr",
                                               "sorted",
                                               "sum",
                                               "vars"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool has_part(std::string_view name, std::string_view part) {
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    if (name.substr(at, dot - at) == part) return true;
    at = dot + 1;
  }
  return false;
}

}  // namespace

// Two globals of one name are one object.
std::uint32_t* Pickling::global_slot(std::string_view module, std::string_view name) {
  key_ = fmt::format("{}:", module.size());
  key_ += module;
  key_ += name;
  return &globals_[key_];
}

// The names of modules and classes are interned: those of the same content are
// one object, and no other text is.
std::uint32_t* Pickling::name_slot(std::string_view name) {
  using namespace std::string_view_literals;
  const auto apart = [&](Quirk quirk, std::string_view letters) {
    return name.size() == 1 && letters.find(name[0]) != letters.npos && profile_.has(quirk);
  };
  std::uint32_t* const shared = short_text_slot(name);
  if (shared != nullptr && !apart(Quirk::letters_interned_apart, "abcdenprsx_"sv) &&
      !apart(Quirk::more_letters_interned_apart, "fhijklmoqtvwyBCLST"sv))
    return shared;
  const auto found = names_.find(name);
  return found != names_.end() ? &found->second : &names_[std::string(name)];
}

void Pickling::save_global(NodeId id) {
  if (known(memo_[id])) return write_get(memo_[id]);
  const std::string_view module = graph_.text(graph_.module(id));
  const std::string_view name = graph_.text(graph_.qualname(id));
  save_name(module, name);
  const std::uint32_t place = *global_slot(module, name);
  if (known(place)) memo_[id] = place;
}

void Pickling::save_builtin(std::string_view module, std::string_view name) {
  out_.boundary();
  save_name(module, name);
}

void Pickling::save_name(std::string_view module, std::string_view name) {
  std::uint32_t* const place = global_slot(module, name);
  if (known(*place)) return write_get(*place);
  if (module.empty()) fail(Fault::module_not_importable, "Empty module name");
  if (!python2_ && has_part(name, "<locals>")) fail(Fault::local_name, "Can't pickle local object");
  if (protocol_ >= 2 && save_extension(module, name)) return;
  std::string changed;
  const std::string_view written =
      profile_.has(Quirk::private_names_mangled) ? mangled(name, changed) : name;
  if (protocol_ >= 4) {
    out_.boundary();
    // Functions in C have their module's name, which is not interned.
    const bool function = module == "builtins" && is_builtin_function(name);
    save_text(module, function ? &module_of_functions_ : name_slot(module));
    // The names of built-in types and functions are made when they are asked for.
    const bool fresh = module == "builtins" || written != name;
    out_.boundary();
    save_text(written, fresh ? short_text_slot(written) : name_slot(written));
    out_.code(Code::STACK_GLOBAL);
  } else if (python2_ || written.find('.') == std::string_view::npos) {
    write_global(module, written);
  } else if (profile_.has(Quirk::dotted_by_parent)) {
    save_parents(module, written);
  } else {
    save_nested(module, written);
  }
  memoize(place);
}

// Writes the extension code of a name that has one. It is not memoized.
bool Pickling::save_extension(std::string_view module, std::string_view name) {
  const Extension* found = nullptr;
  for (const Extension& extension : options_.extensions)
    if (extension.module == module && extension.name == name) found = &extension;
  if (found == nullptr) return false;
  const std::int64_t code = found->code;
  if (code == 0) {
    if (profile_.has(Quirk::extension_zero_ignored)) return false;
    fail(Fault::extension_code_range, "extension code 0 is out of range");
  }
  if (code > 0x7fffffff && c_lane_ && profile_.word() == 32)
    fail(Fault::overflow_error, "Python int too large to convert to C long");
  if (code < 0 || code > 0x7fffffff)
    fail(c_lane_ ? Fault::extension_code_range : Fault::extension_code_packed,
         "extension code is out of range");
  const auto number = static_cast<std::uint64_t>(code);
  if (code <= 0xff)
    out_.code1(Code::EXT1, number);
  else if (code <= 0xffff)
    out_.code_le(Code::EXT2, number, 2);
  else
    out_.code_le(Code::EXT4, number, 4);
  return true;
}

void Pickling::write_global(std::string_view module, std::string_view name) {
  if (python2_) {
    scratch_.assign(1, static_cast<char>(Code::GLOBAL));
    bool latin1 = as_latin1(module, scratch_);
    scratch_ += '\n';
    latin1 = latin1 && as_latin1(name, scratch_);
    if (!latin1) unsupported("such a name in Python 2");
    scratch_ += '\n';
    return out_.text(scratch_);
  }
  GlobalName written{module, name};
  if (protocol_ < 3 && options_.fix_imports) written = python2_name(written, profile_);
  for (const std::string_view text : {written.module, written.name}) {
    if (protocol_ < 3 && !is_ascii(as_bytes(text)))
      fail(Fault::not_picklable, fmt::format("can't pickle global identifier using pickle "
                                             "protocol {}",
                                             protocol_));
    if (protocol_ == 3 && !valid_utf8(as_bytes(text), false))
      fail(Fault::name_not_encodable, "'utf-8' codec can't encode: surrogates not allowed");
  }
  out_.code(Code::GLOBAL);
  out_.text(written.module);
  out_.text("\n");
  out_.text(written.name);
  out_.text("\n");
}

// A.B.C as getattr(getattr(A, 'B'), 'C'), where nothing between is memoized.
void Pickling::save_nested(std::string_view module, std::string_view name) {
  for (const char c : name) {
    if (c != '.') continue;
    save_builtin("builtins", "getattr");
    if (protocol_ < 2) out_.code(Code::MARK);
  }
  std::size_t at = name.find('.');
  write_global(module, name.substr(0, at));
  while (at != std::string_view::npos) {
    const std::size_t dot = name.find('.', at + 1);
    save_temporary_text(name.substr(at + 1, dot - at - 1));
    out_.code(protocol_ < 2 ? Code::TUPLE : Code::TUPLE2);
    out_.code(Code::REDUCE);
    at = dot;
  }
}

// A.B.C as getattr(A.B, 'C'), where A.B is an object like any other. The caller
// memoizes A.B.C itself.
void Pickling::save_parents(std::string_view module, std::string_view name) {
  std::vector<std::size_t> dots;
  for (std::string_view of = name;;) {
    const std::size_t dot = of.rfind('.');
    dots.push_back(dot);
    save_builtin("builtins", "getattr");
    open_tuple(2);
    out_.boundary();
    of = of.substr(0, dot);
    std::uint32_t* const place = global_slot(module, of);
    if (known(*place)) {
      write_get(*place);
      break;
    }
    if (protocol_ >= 2 && save_extension(module, of)) break;
    if (of.find('.') == std::string_view::npos) {
      write_global(module, of);
      memoize(place);
      break;
    }
  }
  while (!dots.empty()) {
    const std::size_t begin = dots.back() + 1;
    dots.pop_back();
    const std::size_t end = dots.empty() ? name.size() : dots.back();
    save_temporary_text(name.substr(begin, end - begin));
    close_fresh_tuple(2);
    out_.code(Code::REDUCE);
    if (!dots.empty()) memoize(global_slot(module, name.substr(0, end)));
  }
}

// A.__x as A._A__x, in `changed`.
std::string_view Pickling::mangled(std::string_view name, std::string& changed) {
  if (name.find(".__") == std::string_view::npos) return name;
  std::string_view before;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    const std::string_view part = name.substr(at, dot - at);
    if (at > 0) {
      changed += '.';
      before.remove_prefix(std::min(before.find_first_not_of('_'), before.size()));
      if (part.starts_with("__") && !part.ends_with("__") && !before.empty())
        (changed += '_') += before;
    }
    changed += part;
    before = part;
    at = dot + 1;
  }
  return changed;
}

}  // namespace assay::pickle
