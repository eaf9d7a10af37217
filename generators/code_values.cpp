#include "generators/code_values.h"

#include <string>
#include <vector>

#include "reference/marshal/code_layout.h"

namespace assay::generators {
namespace {

// Letters, names, and what is no name: each kind is interned where it is a name, and
// the first two where they are constants.
constexpr std::string_view words[] = {"a", "b",         "f",   "y",        "B",     "_",       "",
                                      "n", "spam_eggs", "egg", "spam egg", "a-b-c", "\xc3\xa9"};

class CodeMaker {
 public:
  CodeMaker(Choices& choices, Graph& graph, marshal::Version version)
      : choices_(choices), graph_(graph), version_(version) {}

  NodeId make(int depth) {
    begin();
    std::vector<NodeId> edges;
    for (const marshal::CodeField& field : marshal::code_fields(version_)) {
      edges.push_back(graph_.string(field.name));
      edges.push_back(field.integer ? graph_.integer(number(field.name))
                                    : object(field.name, depth));
    }
    return graph_.container(Kind::code, edges);
  }

 private:
  // What the fields of one code object agree on.
  void begin() {
    locals_ = choices_.below(3);
    cells_ = choices_.chance(20) ? 1 : 0;
    free_ = choices_.chance(20) ? 1 : 0;
    // Bytes of one byte, that there is once, are read as new ones.
    if (locals_ + cells_ + free_ == 1) locals_ += 1;
  }

  NodeId text(std::string_view word) {
    const Bytes data = graph_.keep(as_bytes(word));
    return version_.major == 2 ? graph_.bytes(data) : graph_.string(data);
  }
  NodeId data(std::string_view word) { return graph_.bytes(graph_.keep(as_bytes(word))); }

  std::int64_t number(std::string_view field) {
    if (field == "argcount") return static_cast<std::int64_t>(choices_.below(locals_ + 1));
    if (field == "nlocals") return static_cast<std::int64_t>(locals_);
    if (field == "stacksize") return static_cast<std::int64_t>(choices_.between(1, 300));
    if (field == "firstlineno") return choices_.one_of({0, 1, 2, 1000, 70000});
    // CO_NOFREE is computed where there is such a flag.
    const bool nofree = version_.major == 3 && version_.minor < 11 && cells_ + free_ == 0;
    if (field == "flags") return choices_.one_of({0, 3}) | (nofree ? 0x40 : 0);
    return 0;
  }

  NodeId object(std::string_view field, int depth) {
    if (field == "code") return data(std::string(choices_.below(4) * 2, '\0'));
    if (field == "consts") return constants(depth);
    if (field == "names") return names(choices_.below(4));
    if (field == "varnames") return names(locals_);
    if (field == "cellvars") return names(cells_);
    if (field == "freevars") return names(free_);
    if (field == "localsplusnames") return names(locals_ + cells_ + free_);
    if (field == "localspluskinds")
      return data(std::string(locals_, '\x20') + std::string(cells_, '\x40') +
                  std::string(free_, '\x80'));
    if (field == "filename" && !file_.empty()) return text(file_);
    if (field == "filename" || field == "name" || field == "qualname")
      return text(choices_.one_of(words));
    return data("");  // tables of lines and handlers
  }

  NodeId names(std::size_t count) {
    std::vector<NodeId> items;
    for (; count > 0; --count) items.push_back(text(choices_.one_of(words)));
    return graph_.tuple(items);
  }

  NodeId constants(int depth) {
    std::vector<NodeId> items;
    for (std::size_t left = choices_.below(5); left > 0; --left) items.push_back(constant(depth));
    return graph_.tuple(items);
  }

  // One that is met again is none that may be interned.
  NodeId keep(NodeId id) {
    met_.push_back(id);
    return id;
  }

  NodeId constant(int depth) {
    switch (choices_.below(10)) {
      case 0:
        return Graph::none;
      case 1:
        return graph_.integer(choices_.one_of({1, 255, 257, 1024, 1025, 100000}));
      case 2:
        return keep(text("not a name"));
      case 3:
        return met_.empty() ? Graph::ellipsis : met_[choices_.below(met_.size())];
      case 4: {
        std::vector<NodeId> items;
        for (std::size_t left = choices_.below(3); left > 0; --left)
          items.push_back(constant(depth - 1));
        return depth > -3 ? keep(graph_.tuple(items)) : Graph::none;
      }
      case 5:
        return frozenset();
      case 6:
        return depth > 0 ? inner(depth - 1) : graph_.floating(0.5);
      case 7:
        return keep(data("bytes"));
      default:
        return text(choices_.one_of(words));
    }
  }

  // Of an empty one an adapter has one, and each code object it makes another.
  NodeId frozenset() {
    std::vector<NodeId> items;
    std::size_t first = choices_.below(std::size(words));
    for (std::size_t left = choices_.between(1, 2); left > 0; --left) {
      items.push_back(text(words[first]));
      first = (first + 5) % std::size(words);
    }
    return graph_.container(Kind::frozenset, items);
  }

  NodeId inner(int depth) {
    CodeMaker maker(choices_, graph_, version_);
    maker.file_ = file_ = "spam.py";
    return maker.make(depth);
  }

  Choices& choices_;
  Graph& graph_;
  marshal::Version version_;
  std::string_view file_;  // of code objects that hold others, and of these
  std::size_t locals_ = 0, cells_ = 0, free_ = 0;
  std::vector<NodeId> met_;
};

}  // namespace

NodeId make_code(Choices& choices, Graph& graph, marshal::Version version, int depth) {
  return CodeMaker(choices, graph, version).make(depth);
}

}  // namespace assay::generators
