#include "harness/command/fuzz_promote.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "harness/command/project.h"
#include "harness/command/recording.h"
#include "harness/command/text_layout.h"
#include "harness/runner/protocol.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
  return text.find_first_of(" *?'\"$&;|<>()") == std::string::npos ? text : "'" + text + "'";
}

// A TOML basic string.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c < ' ' || c > '~') {
      out += fmt::format("\\u{:04x}", static_cast<std::uint8_t>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// The source in one line, if that says the same bytes.
std::string one_line(const FuzzPlan& plan, const std::string& bytes) {
  if (plan.format->source == nullptr) return {};
  std::istringstream lines(plan.format->source(bytes));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    text += text.empty() ? line : "; " + line;
  }
  try {
    if (formats().at(std::string(plan.format->name)).assemble(text) == bytes) return text;
  } catch (const std::exception&) {
    // A comment behind an instruction, …: hex says it, too.
  }
  return {};
}

std::string option_text(const CaseOption& option) {
  if (const auto* text = std::get_if<std::string>(&option.value)) return toml_text(*text);
  if (const auto* flag = std::get_if<bool>(&option.value)) return *flag ? "true" : "false";
  return std::to_string(std::get<std::int64_t>(option.value));
}

std::string operation_option(const FuzzPlan& plan) {
  return plan.format->operation == "encode" ? " --operation encode" : "";
}

std::string case_text(const FuzzPlan& plan, const FuzzPair& pair, const Cause& cause,
                      const PromoteOptions& options) {
  constexpr std::size_t said_at_most = 60;
  const Comparison& seen = cause.comparison;
  std::string why = options.why;
  if (why.empty())
    why = fmt::format("At {}, {} gives {} where {} gives {}.", cause.place, pair.against.name,
                      cut_line(seen.against, said_at_most), pair.subject.name,
                      cut_line(seen.subject, said_at_most));
  const std::string spec =
      options.spec.empty() ? fmt::format("{} {}", plan.format->name, cause.place) : options.spec;
  std::string text = fmt::format("\n# assay fuzz --format {}{} --seed {} --first {}\n[[case]]\n",
                                 plan.format->name, operation_option(plan), plan.seed, cause.index);
  text += fmt::format("id = {}\nwhy = {}\nspec = {}\n", toml_text(options.id), toml_text(why),
                      toml_text(spec));
  const std::string source = one_line(plan, cause.smallest.bytes);
  if (plan.format->operation == "encode") {
    text += fmt::format("operation = \"encode\"\nprotocol = {}\nvalue = {}\n",
                        cause.smallest.protocol, toml_text(cause.smallest.bytes));
  } else if (source.empty()) {
    text += "hex = \"";
    append_hex(cause.smallest.bytes, text);
    text += "\"\n";
  } else {
    text += "asm = " + toml_text(source) + "\n";
  }
  std::string list;
  for (const CaseOption& option : cause.smallest.options)
    list += fmt::format("{}{} = {}", list.empty() ? "" : ", ", option.key, option_text(option));
  if (!list.empty()) text += "options = { " + list + " }\n";
  list.clear();
  for (const std::string& buffer : cause.smallest.buffers)
    list += (list.empty() ? "" : ", ") + toml_text(buffer);
  if (!list.empty()) text += "buffers = [" + list + "]\n";
  return text;
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
}

}  // namespace

std::string repeat_line(const FuzzPlan& plan, const FuzzPair& pair, std::uint64_t index) {
  std::string sides =
      fmt::format("--impl {} --against {}", quoted(pair.subject.name), quoted(pair.against.name));
  if (pair.subject.name == "reference@" + pair.against.name) sides = "--as " + pair.against.name;
  return fmt::format("./assay fuzz --format {}{} {} --seed {} --first {} --count 1",
                     plan.format->name, operation_option(plan), sides, plan.seed, index);
}

void promote(Context& context, const FuzzPlan& plan, const FuzzPair& pair, const Cause& cause,
             const PromoteOptions& options) {
  const fs::path path =
      context.project() / "corpus" / plan.format->name / (options.topic + ".toml");
  const bool exists = fs::exists(path);
  const std::string before = exists ? read_input_file(path.string()) : "";
  const std::string head = exists ? before
                                  : fmt::format("format = \"{}\"\ntopic = {}\n", plan.format->name,
                                                toml_text(options.topic));
  write_file(path, head + case_text(plan, pair, cause, options));
  try {
    load_project_corpus(context);
  } catch (...) {
    if (exists) {
      write_file(path, before);
    } else {
      fs::remove(path);
    }
    throw;
  }
  fmt::print("{}: added {}\n", path.string(), options.id);
  record(context, {{options.id}});
}

}  // namespace assay
