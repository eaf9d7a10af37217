#include "reference/marshal/sharing.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "reference/marshal/code_layout.h"

namespace assay::marshal {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t latin1 = 256;

// Which text constants of a code object are interned: codeobject.c all_name_chars.
bool is_all_name_characters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// The only character of a text, if there is one and it is of Latin-1.
std::size_t only_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (text.size() == 1 && byte(0) < 0x80) return byte(0);
  if (text.size() == 2 && (byte(0) & 0xfe) == 0xc2) return (byte(0) & 3u) << 6 | (byte(1) & 0x3f);
  return latin1;
}

class Sharing {
 public:
  Sharing(Graph& graph, const Profile& profile)
      : graph_(graph), profile_(profile), done_(graph.size(), false), read_(graph.size(), false) {
    characters_.fill(no_node);
    bytes_.fill(no_node);
  }

  void run() {
    const NodeId size = graph_.size();
    if (profile_.has(Quirk::file_name_shared))
      for (NodeId id = size; id-- > Graph::first_free;)  // the outer ones first
        if (graph_.kind(id) == Kind::code) share_file_names(id);
    for (NodeId id = Graph::first_free; id < size; ++id)
      if (graph_.kind(id) == Kind::code) intern_code(id);
    for (NodeId id = Graph::first_free; id < size; ++id) {
      if (profile_.python2()) mark_short(id);
      if (Graph::has_edges(graph_.kind(id)) && !Graph::is_instance(graph_.kind(id)))
        share_parts(id);
    }
  }

 private:
  // A part that a reader left out (no_node) is nothing here.
  Kind kind(NodeId id) const { return id == no_node ? Kind::none : graph_.kind(id); }

  // --- what making a code object interns ----------------------------------------

  void intern_code(NodeId code) {
    const std::span<const CodeField> fields = code_fields(profile_.version());
    if (graph_.edges(code).size() != fields.size() * 2) return;  // of another Python
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string_view name = fields[i].name;
      const NodeId value = graph_.edges(code)[i * 2 + 1];
      const bool tuple = kind(value) == Kind::tuple;
      if (tuple && holds_names(name)) intern_items(value, false);
      if (tuple && name == "consts") intern_constants(value);
      const bool own_name = name == "filename" || name == "name" || name == "qualname";
      if (own_name && profile_.has(Quirk::own_names_interned)) intern(code, i * 2 + 1);
    }
  }

  // Constants that are names by their looks, in tuples and frozensets, too.
  void intern_constants(NodeId constants) {
    std::vector<NodeId> queue = {constants};
    while (!queue.empty()) {
      const NodeId at = queue.back();
      queue.pop_back();
      if (done_[at]) continue;
      done_[at] = true;
      intern_items(at, true);
      for (const NodeId item : graph_.edges(at))
        if (kind(item) == Kind::tuple || kind(item) == Kind::frozenset) queue.push_back(item);
    }
  }

  void intern_items(NodeId holder, bool only_name_characters) {
    for (std::size_t i = 0; i < graph_.edges(holder).size(); ++i)
      if (!only_name_characters || is_all_name_characters(graph_text(graph_.edges(holder)[i])))
        intern(holder, i);
  }

  std::string_view graph_text(NodeId id) const { return is_str(id) ? graph_.text(id) : "-"sv; }

  // Python 2's str is bytes.
  bool is_str(NodeId id) const {
    return kind(id) == (profile_.python2() ? Kind::bytes : Kind::string);
  }

  // Puts the interned object of its text in the place of a part.
  void intern(NodeId holder, std::size_t edge) {
    const NodeId id = graph_.edges(holder)[edge];
    if (!is_str(id)) return;
    const auto [known, added] = interned_.emplace(graph_.text(id), id);
    if (added) graph_.set_interned(id);
    graph_.set_edge(holder, edge, known->second);
  }

  // --- what reading code objects makes one ---------------------------------------

  struct Frame {
    NodeId node;
    std::size_t next;
  };

  // The code objects inside of an outermost one, in the order in which they are
  // complete; what was met is left alone.
  void share_file_names(NodeId outermost) {
    NodeId first = no_node;
    std::vector<Frame> open;
    const auto enter = [&](NodeId id) {
      const bool inside = Graph::has_edges(kind(id)) && !Graph::is_instance(kind(id));
      if (!inside || read_[id]) return;
      read_[id] = true;
      open.push_back({id, 0});
    };
    enter(outermost);
    while (!open.empty()) {
      Frame& top = open.back();
      const std::span<const NodeId> edges = graph_.edges(top.node);
      if (top.next < edges.size()) {
        enter(edges[top.next++]);
        continue;
      }
      if (graph_.kind(top.node) == Kind::code) share_file_name(top.node, first);
      open.pop_back();
    }
  }

  void share_file_name(NodeId code, NodeId& first) {
    const std::span<const NodeId> edges = graph_.edges(code);
    for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
      if (graph_.text(edges[i]) != "filename" || !is_str(edges[i + 1])) continue;
      if (first == no_node) first = edges[i + 1];
      if (graph_.text(first) == graph_.text(edges[i + 1])) graph_.set_edge(code, i + 1, first);
      return;
    }
  }

  // --- what there is once in a process --------------------------------------------

  // Python 2 interns its str of at most one character (stringobject.c
  // PyString_FromStringAndSize).
  void mark_short(NodeId id) {
    if (graph_.kind(id) == Kind::bytes && graph_.text_size(id) <= 1) graph_.set_interned(id);
  }

  void share_parts(NodeId holder) {
    const bool code = graph_.kind(holder) == Kind::code;
    for (std::size_t i = code ? 1 : 0; i < graph_.edges(holder).size(); i += code ? 2 : 1) {
      const NodeId id = graph_.edges(holder)[i];
      NodeId* const only = the_only(id);
      if (only == nullptr) continue;
      if (*only == no_node) *only = id;
      if (graph_.interned(id) || is_interned_anyway(id)) graph_.set_interned(*only);
      graph_.set_edge(holder, i, *only);
    }
  }

  // Empty text is.
  bool is_interned_anyway(NodeId id) const {
    return kind(id) == Kind::string &&
           (graph_.text_size(id) == 0 || profile_.has(Quirk::letters_interned));
  }

  // The place of the node that stands for all that equal this one, or nullptr.
  NodeId* the_only(NodeId id) {
    switch (kind(id)) {
      case Kind::string:
        return the_only_text(id);
      case Kind::bytes:
        if (graph_.text_size(id) > 1) return nullptr;
        return graph_.text_size(id) == 0 ? &empty_bytes_ : &bytes_[graph_.data(id)[0]];
      case Kind::frozenset:
        return graph_.edges(id).empty() ? &empty_frozenset_ : nullptr;
      case Kind::integer: {
        const std::int64_t value = graph_[id].integer;
        const bool cached = profile_.has(Quirk::integers_to_1024) && value > 256 && value <= 1024;
        return cached ? &integers_.try_emplace(value, no_node).first->second : nullptr;
      }
      default:
        return nullptr;
    }
  }

  NodeId* the_only_text(NodeId id) {
    const std::string_view text = graph_.text(id);
    if (text.empty()) return &empty_text_;
    const std::size_t character = only_character(text);
    if (character == latin1) return nullptr;
    const auto apart = [&](Quirk quirk, std::string_view letters) {
      return profile_.has(quirk) && letters.find(static_cast<char>(character)) != letters.npos;
    };
    if (graph_.interned(id) && (apart(Quirk::letters_interned_apart, "abcdenprsx_") ||
                                apart(Quirk::more_letters_interned_apart, "fhijklmoqtvwyBCLST")))
      return nullptr;
    return &characters_[character];
  }

  Graph& graph_;
  const Profile& profile_;
  std::vector<bool> done_;  // tuples and frozensets of constants
  std::vector<bool> read_;  // what code objects hold
  std::unordered_map<std::string_view, NodeId> interned_;
  std::unordered_map<std::int64_t, NodeId> integers_;
  std::array<NodeId, latin1> characters_, bytes_;
  NodeId empty_text_ = no_node, empty_bytes_ = no_node, empty_frozenset_ = no_node;
};

}  // namespace

bool is_latin1_character(std::string_view text) {
  return text.empty() || only_character(text) != latin1;
}

void share_objects(Graph& graph, const Profile& profile) {
  Sharing(graph, profile).run();
}

}  // namespace assay::marshal
