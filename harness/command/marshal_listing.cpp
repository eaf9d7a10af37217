// assay dis of .pyc files and marshalled data: each code object with its fields.
#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>
#include <vector>

#include "harness/command/command.h"
#include "harness/command/marshal_file.h"
#include "harness/command/project.h"
#include "harness/command/text_layout.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/assembler.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/scan.h"
#include "reference/value/text.h"

namespace assay {
namespace {

class Listing {
 public:
  Listing(const Graph& graph, bool full) : graph_(graph), full_(full) {}

  // Code objects one after the other, outer ones first, each once.
  std::string run(NodeId root) {
    if (graph_.kind(root) != Kind::code) return line("", print(graph_, root));
    std::string text;
    found_ = {root};
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (i != 0) text += '\n';
      text += code(found_[i]);
    }
    return text;
  }

 private:
  std::string line(std::string_view before, std::string_view text) const {
    const std::string whole = fmt::format("{}{}", before, text);
    return (full_ ? whole : cut_line(whole, screen_columns)) + '\n';
  }

  // The field of a name, or no_node.
  NodeId field(NodeId code, std::string_view name) const {
    const std::span<const NodeId> edges = graph_.edges(code);
    for (std::size_t i = 0; i + 1 < edges.size(); i += 2)
      if (graph_.text(edges[i]) == name) return edges[i + 1];
    return no_node;
  }

  // Text of a name or file name, as it stands; else as value text.
  std::string plain(NodeId id) const {
    if (id == no_node) return "?";
    const Kind kind = graph_.kind(id);
    const bool text = kind == Kind::string || kind == Kind::bytes;
    std::string value = print(graph_, id);
    if (!text || value.find('\\') != std::string::npos) return value;
    return std::string(graph_.text(id));
  }

  std::string title(NodeId code) const {
    NodeId name = field(code, "qualname");
    if (name == no_node) name = field(code, "name");
    return fmt::format("code {} ({}:{})", plain(name), plain(field(code, "filename")),
                       plain(field(code, "firstlineno")));
  }

  std::string code(NodeId id) {
    std::string text = line("", title(id)), numbers;
    const std::span<const NodeId> edges = graph_.edges(id);
    for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
      const std::string_view name = graph_.text(edges[i]);
      const NodeId value = edges[i + 1];
      if (name == "filename" || name == "name" || name == "qualname" || name == "firstlineno")
        continue;
      if (graph_.kind(value) == Kind::integer) {
        numbers += numbers.empty() ? "" : "  ";
        numbers += name == "flags" ? fmt::format("flags {:#x}", graph_[value].integer)
                                   : fmt::format("{} {}", name, graph_[value].integer);
        continue;
      }
      if (!numbers.empty()) text += wrapped(numbers, 2);
      numbers.clear();
      text += part(name, value);
    }
    return text;
  }

  std::string part(std::string_view name, NodeId value) {
    const Kind kind = graph_.kind(value);
    if (kind == Kind::bytes && name == "code") {
      const std::string_view bytes = graph_.text(value);
      return fmt::format("  code: {} bytes\n", bytes.size()) +
             hex_dump(bytes, full_ ? SIZE_MAX : 4);
    }
    if (kind != Kind::tuple) return line(fmt::format("  {}: ", name), print(graph_, value));
    const std::span<const NodeId> items = graph_.edges(value);
    if (items.empty()) return "";
    std::string text = fmt::format("  {}\n", name);
    if (name != "consts") return line(fmt::format("  {}: ", name), print(graph_, value));
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool nested = items[i] != no_node && graph_.kind(items[i]) == Kind::code;
      text += line(fmt::format("    {}  ", i), nested ? title(items[i]) : print(graph_, items[i]));
      if (nested && std::find(found_.begin(), found_.end(), items[i]) == found_.end())
        found_.push_back(items[i]);
    }
    return text;
  }

  const Graph& graph_;
  bool full_;
  std::vector<NodeId> found_;
};

// The pieces of the data as JSON, and where they end if that is too early.
nlohmann::ordered_json pieces(const MarshalFile& file) {
  nlohmann::ordered_json report;
  report["pieces"] = nlohmann::ordered_json::array();
  try {
    marshal::Scan scan(file.data(), file.profile);
    for (marshal::Piece piece; scan.next(piece);) {
      nlohmann::ordered_json entry;
      entry["offset"] = file.offset() + piece.offset;
      entry["depth"] = piece.depth;
      if (piece.type != nullptr) {
        entry["type"] = piece.type->name;
        if (piece.code != piece.type->code) entry["flag_ref"] = true;
      }
      const std::string argument = marshal::argument_text(piece);
      if (!argument.empty()) entry["argument"] = argument;
      report["pieces"].push_back(std::move(entry));
    }
  } catch (const DecodeError& error) {
    report["error"] = {{"offset", file.offset() + error.offset()},
                       {"field", error.field()},
                       {"kind", name(error.kind())},
                       {"message", error.what()}};
  }
  return report;
}

}  // namespace

void dis_marshal(const std::string& name, const MarshalFile& file, bool assembly, bool full,
                 bool json) {
  if (json) {
    fmt::print("{}\n", pieces(file).dump());
    return;
  }
  if (assembly) {
    if (file.header)
      fmt::print("hex:{}  # header\n", to_hex(as_bytes(file.content).first(file.offset())));
    fmt::print("{}", marshal::disassemble(file.data(), file.profile));
    return;
  }
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, file.data(), file.profile);
  if (!outcome.accepted)
    throw UsageError(fmt::format("{}: at {:#x}: type: {}: {} (--asm shows how far it goes)",
                                 shown_name(name), file.offset() + outcome.offset, outcome.error,
                                 outcome.message));
  const std::string header = header_text(file);
  fmt::print("{}{}{}", header, header.empty() ? "" : "\n", Listing(graph, full).run(outcome.value));
}

}  // namespace assay
