#include "reports/format_name.h"

#include <array>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> titles = {{
    {"decode", "reading"},
    {"encode", "writing"},
    {"write", "writing"},
    {"inspect", "inspecting"},
    {"identify", "identifying"},
    {"iterdump", "iterdump"},
    {"scenario", "programs"},
}};

}  // namespace

FormatName take_apart_format(std::string_view format) {
  FormatName name;
  const auto colon = format.find(':');
  name.base = format.substr(0, colon);
  if (colon != std::string_view::npos) name.operation = format.substr(colon + 1);
  const auto dot = name.base.find('.');
  name.family = name.base.substr(0, dot);
  if (dot != std::string::npos) name.part = name.base.substr(dot + 1);
  // Berkeley DB files are dbm files of Python 2 by another module.
  if (name.family == "bsddb") name.family = "dbm";
  return name;
}

std::string operation_title(const FormatName& name) {
  for (const auto& [operation, title] : titles)
    if (operation == name.operation) return std::string(title);
  if (!name.operation.empty()) return name.operation;
  return name.family == "chapter" ? "programs" : "reading";
}

std::string FormatName::title() const {
  return operation.empty() ? family : family + ", " + operation_title(*this);
}

std::string_view protocol_word(std::string_view format) {
  return format.starts_with("marshal") ? "version" : "protocol";
}

}  // namespace assay
