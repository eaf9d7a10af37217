// One TOML file of cases, checked key by key. The schema is the one the corpus'
// README describes; what it does not name is a problem, so that a misspelt key
// never silently means its default.
#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/corpus/corpus.h"
#include "harness/corpus/statement.h"
#include "reference/bytes/hex.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

// Large enough for any input worth keeping in the repository.
constexpr std::uintmax_t largest_data_file = 64 << 20;

class CaseReader {
 public:
  CaseReader(CaseFile& file, const FormatRules& rules, std::vector<Problem>& problems)
      : file_(file), rules_(rules), problems_(problems) {}

  void read(const std::string& text) {
    toml::table document;
    try {
      document = toml::parse(text, file_.path.string());
    } catch (const toml::parse_error& error) {
      problem(error.source().begin.line, std::string(error.description()));
      return;
    }
    for (const auto& [key, node] : document) {
      const std::string_view name = key.str();
      if (name != "format" && name != "topic" && name != "case" &&
          !(name == "statement" && file_.format == statements_format))
        problem(node, fmt::format("unknown key '{}'", name));
    }
    expect_text(document, "format", file_.format, "the folder");
    expect_text(document, "topic", file_.topic, "the file");
    const toml::array* cases = document["case"].as_array();
    if (cases == nullptr || cases->empty()) return problem(0, "no [[case]]");
    for (const toml::node& node : *cases) {
      if (const toml::table* table = node.as_table()) {
        read_case(*table);
      } else {
        problem(node, "a case is a table: [[case]]");
      }
    }
  }

 private:
  void problem(std::size_t line, std::string text) {
    problems_.push_back({file_.name, static_cast<unsigned>(line), std::move(text), false});
  }
  void problem(const toml::node& node, std::string text) {
    problem(node.source().begin.line, std::move(text));
  }
  void case_problem(const toml::node& node, std::string text) {
    problem(node, fmt::format("{}: {}", case_.id.empty() ? "case" : case_.id, text));
  }

  void expect_text(const toml::table& table, std::string_view key, const std::string& wanted,
                   const char* of) {
    const auto text = table[key].value<std::string>();
    if (!text || *text != wanted)
      problem(table[key] ? table[key].node()->source().begin.line : 1,
              fmt::format("{} must be \"{}\", as {} is named", key, wanted, of));
  }

  std::string text_of(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) case_problem(table, fmt::format("no '{}'", key));
      return "";
    }
    const auto text = node->value_exact<std::string>();
    if (!text || text->empty()) {
      case_problem(*node, fmt::format("'{}' is a text and not empty", key));
      return "";
    }
    return *text;
  }

  void read_case(const toml::table& table) {
    case_ = Case{};
    case_.format = file_.format;
    case_.topic = file_.topic;
    case_.file = file_.name;
    case_.line = static_cast<unsigned>(table.source().begin.line);
    case_.id = text_of(table, "id", true);
    if (!case_.id.empty() && !is_slug(case_.id))
      case_problem(table, "an id is parts like 'int/leading-zero': a-z 0-9, '-' '.' between, '/'");
    case_.why = text_of(table, "why", true);
    case_.spec = text_of(table, "spec", true);
    case_.same_as = text_of(table, "same_as", false);
    read_operation(table);
    read_keys(table);
    const bool has_input = read_input(table);
    if (const toml::node* node = table.get("options")) read_options(*node);
    if (const toml::node* node = table.get("buffers")) read_buffers(*node);
    if (const toml::node* node = table.get("quirks")) read_quirks(*node);
    read_protocol(table, has_input);
    if (const toml::node* node = table.get("word")) {
      const auto word = node->value_exact<bool>();
      if (!word) case_problem(*node, "'word' is true or false");
      case_.word = word.value_or(false);
    }
    if (has_input && !case_.id.empty()) file_.cases.push_back(std::move(case_));
  }

  // The operation, the module, and what reports make of the two.
  void read_operation(const toml::table& table) {
    const std::string& usual = rules_.operations.front();
    case_.operation = text_of(table, "operation", false);
    if (case_.operation.empty()) case_.operation = usual;
    if (std::count(rules_.operations.begin(), rules_.operations.end(), case_.operation) == 0)
      case_problem(table, fmt::format("the operations of {} are: {}", file_.format,
                                      fmt::join(rules_.operations, ", ")));
    const std::string module = text_of(table, "module", false);
    if (!module.empty() && !rules_.modules.contains(module))
      case_problem(*table.get("module"), fmt::format("the modules of {} are: {}", file_.format,
                                                     fmt::join(rules_.modules, ", ")));
    const bool program = case_.operation == "scenario";
    case_.module = !module.empty() ? module : program ? "python" : file_.format;
    case_.reported = program ? file_.format : case_.module;
    if (case_.operation != usual) case_.reported += ":" + case_.operation;
  }

  void read_keys(const toml::table& table) {
    static constexpr std::string_view known[] = {
        "id",   "why",    "spec",    "operation", "module",   "asm",
        "hex",  "file",   "value",   "path",      "script",   "program",
        "word", "quirks", "options", "buffers",   "protocol", "same_as"};
    static constexpr std::string_view of_statements[] = {"since",   "until",   "expect",
                                                         "changed", "differs", "cases"};
    for (const auto& [key, node] : table)
      if (std::find(std::begin(known), std::end(known), key.str()) == std::end(known) &&
          !(file_.format == statements_format &&
            std::find(std::begin(of_statements), std::end(of_statements), key.str()) !=
                std::end(of_statements)))
        case_problem(node, fmt::format("unknown key '{}'", key.str()));
  }

  // Which of the keys that hold what is asked an operation takes.
  static std::vector<std::string_view> input_keys(std::string_view operation) {
    if (operation == "encode") return {"value"};
    if (operation == "scenario") return {"program"};
    if (operation == "write") return {"script", "path"};
    if (operation == "decode" || operation == "inspect") return {"asm", "hex", "file"};
    return {"path"};
  }

  // Reads what is asked; whether it is there.
  bool read_input(const toml::table& table) {
    static constexpr std::string_view all[] = {"asm",  "hex",    "file",   "value",
                                               "path", "script", "program"};
    const std::vector<std::string_view> taken = input_keys(case_.operation);
    for (const std::string_view key : all)
      if (table.contains(key) && std::count(taken.begin(), taken.end(), key) == 0) {
        case_problem(*table.get(key), fmt::format("'{}' is no input of {}", key, case_.operation));
        return false;
      }
    if (taken.size() == 3) return read_bytes(table);
    std::string& text = case_.operation == "encode" ? case_.value : case_.script;
    if (taken[0] != "path") text = text_of(table, taken[0], true);
    if (table.contains("path") || taken[0] == "path")
      return read_path(table, text_of(table, "path", true));
    return !text.empty();
  }

  // Files that an adapter is given the path of.
  bool read_path(const toml::table& table, const std::string& name) {
    if (name.empty()) return false;
    const toml::node& node = *table.get("path");
    const auto path = data_path(node, name);
    if (!path) return false;
    case_.path = path->string();
    for (const std::string_view ending : path_endings) {
      const fs::path one(case_.path + std::string(ending));
      if (!fs::is_regular_file(one)) continue;
      const auto bytes = read_data(node, one);
      if (!bytes) return false;
      case_.files += fmt::format("{} {}\n", one.filename().string(), content_mark(*bytes));
    }
    // What is said of a path where nothing is may be asked, too.
    if (!case_.files.empty() || path->filename() == "absent") return true;
    case_problem(node, fmt::format("{}: no file begins so ('absent' is the name of none)", name));
    return false;
  }

  // The input as bytes: exactly one of asm, hex, file. Whether there is one.
  bool read_bytes(const toml::table& table) {
    const std::string source = text_of(table, "asm", false), hex = text_of(table, "hex", false),
                      file = text_of(table, "file", false);
    if ((table.contains("asm") + table.contains("hex") + table.contains("file")) != 1) {
      case_problem(table, "an input is one of 'asm', 'hex', 'file'");
      return false;
    }
    if (!hex.empty()) {
      const auto bytes = from_hex(hex);
      if (!bytes) case_problem(*table.get("hex"), "'hex' is pairs of digits 0-9 a-f");
      case_.input = bytes.value_or("");
      return bytes.has_value();
    }
    if (!file.empty()) return read_data_file(*table.get("file"), file);
    return !source.empty() && assemble(*table.get("asm"), source);
  }

  bool assemble(const toml::node& node, const std::string& source) {
    case_.source = source;
    if (!rules_.assemble) {
      case_problem(node, "this format has no assembly text");
      return false;
    }
    try {
      case_.input = rules_.assemble(source);
      return true;
    } catch (const std::runtime_error& error) {
      case_problem(node, fmt::format("asm: {}", error.what()));
      return false;
    }
  }

  bool read_data_file(const toml::node& node, const std::string& name) {
    const auto path = data_path(node, name);
    auto bytes = path ? read_data(node, *path) : std::nullopt;
    if (!bytes) return false;
    case_.input = *std::move(bytes);
    return true;
  }

  // A path inside of the format's folder, or nothing.
  std::optional<fs::path> data_path(const toml::node& node, const std::string& name) {
    const fs::path folder = file_.path.parent_path();
    const fs::path path = (folder / name).lexically_normal();
    const std::string inside = path.lexically_relative(folder).string();
    if (!inside.empty() && !inside.starts_with("..")) return path;
    case_problem(node, fmt::format("{} is outside of the format's folder", name));
    return std::nullopt;
  }

  std::optional<std::string> read_data(const toml::node& node, const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || size > largest_data_file) {
      case_problem(node, fmt::format("{} is not there, or too large",
                                     path.lexically_relative(file_.path.parent_path()).string()));
      return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    return std::move(bytes).str();
  }

  void read_options(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return case_problem(node, "'options' is a table");
    for (const auto& [key, value] : *table) {
      const std::string name(key.str());
      const auto rule = std::find_if(rules_.options.begin(), rules_.options.end(),
                                     [&](const OptionRule& r) { return r.key == name; });
      if (rule == rules_.options.end()) {
        case_problem(value, fmt::format("unknown option '{}'", name));
      } else {
        read_option(value, *rule);
      }
    }
    std::sort(case_.options.begin(), case_.options.end(),
              [](const CaseOption& a, const CaseOption& b) { return a.key < b.key; });
  }

  void read_option(const toml::node& node, const OptionRule& rule) {
    CaseOption option{rule.key, false};
    if (rule.type == OptionRule::Type::boolean) {
      const auto value = node.value_exact<bool>();
      if (!value) return case_problem(node, fmt::format("option '{}' is true or false", rule.key));
      option.value = *value;
    } else if (rule.type == OptionRule::Type::count) {
      const auto value = node.value_exact<std::int64_t>();
      if (!value || *value < 1)
        return case_problem(node, fmt::format("option '{}' is a number from 1", rule.key));
      option.value = *value;
    } else {
      const auto value = node.value_exact<std::string>();
      if (!value) return case_problem(node, fmt::format("option '{}' is a text", rule.key));
      if (!rule.allowed.empty() &&
          std::find(rule.allowed.begin(), rule.allowed.end(), *value) == rule.allowed.end())
        return case_problem(node, fmt::format("option '{}' must be one of: {}", rule.key,
                                              fmt::join(rule.allowed, ", ")));
      option.value = *value;
    }
    case_.options.push_back(std::move(option));
  }

  void read_buffers(const toml::node& node) {
    if (!rules_.buffers) return case_problem(node, "this format has no 'buffers'");
    const toml::array* array = node.as_array();
    if (array == nullptr) return case_problem(node, "'buffers' is a list of hex texts");
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      std::string_view hex = text ? std::string_view(*text) : "?";
      if (hex.starts_with("w:")) hex.remove_prefix(2);
      if (!from_hex(hex)) return case_problem(item, "a buffer is hex, or 'w:' and hex");
      case_.buffers.push_back(*text);
    }
  }

  void read_quirks(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr || array->empty())
      return case_problem(node, "'quirks' is a list of names");
    for (const toml::node& item : *array) {
      const auto name = item.value_exact<std::string>();
      if (!name) return case_problem(item, "a quirk is a name");
      if (!rules_.quirks.empty() && !rules_.quirks.contains(*name))
        case_problem(item, fmt::format("no quirk is called '{}' (assay quirks)", *name));
      case_.quirks.push_back(*name);
    }
  }

  void read_protocol(const toml::table& table, bool has_input) {
    if (const toml::node* node = table.get("protocol")) {
      const auto protocol = node->value_exact<std::int64_t>();
      if (!protocol || *protocol < 0 || *protocol > 9)
        return case_problem(*node, "'protocol' is a number from 0 to 9");
      case_.protocol = static_cast<int>(*protocol);
    } else if (case_.operation == "encode") {
      case_problem(table, "no 'protocol' to write");
    } else if (has_input && rules_.protocol && case_.path.empty() && case_.script.empty()) {
      case_.protocol = rules_.protocol(case_.input);
    }
  }

  CaseFile& file_;
  const FormatRules& rules_;
  std::vector<Problem>& problems_;
  Case case_;
};

bool is_slug_part(std::string_view part) {
  const auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (part.empty() || !word(part.front()) || !word(part.back())) return false;
  for (std::size_t i = 0; i < part.size(); ++i)
    if (!word(part[i]) && ((part[i] != '-' && part[i] != '.') || !word(part[i - 1]))) return false;
  return true;
}

}  // namespace

bool is_slug(std::string_view id) {
  std::size_t parts = 0;
  for (std::size_t at = 0; at <= id.size(); ++parts) {
    const std::size_t slash = std::min(id.find('/', at), id.size());
    if (!is_slug_part(id.substr(at, slash - at))) return false;
    at = slash + 1;
  }
  return parts >= 2;
}

std::string Case::content() const {
  if (!files.empty() && !script.empty()) return script + "\n" + files;
  for (const std::string* text : {&value, &script, &files})
    if (!text->empty()) return *text;
  return input;
}

std::string Case::options_text() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (operation != "decode") json["operation"] = operation;
  if (module != format) json["module"] = module;
  if (operation == "encode") json["protocol"] = protocol;
  if (json.empty() && options.empty() && buffers.empty()) return "";
  for (const CaseOption& option : options)
    std::visit([&](const auto& held) { json[option.key] = held; }, option.value);
  if (!buffers.empty()) json["buffers"] = buffers;
  return json.dump();
}

void read_case_file(CaseFile& file, const std::string& text, const FormatRules& rules,
                    std::vector<Problem>& problems) {
  CaseReader(file, rules, problems).read(text);
}

}  // namespace assay
