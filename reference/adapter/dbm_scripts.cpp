#include "reference/adapter/dbm_scripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

#include "harness/runner/temporary_folder.h"
#include "reference/adapter/answers.h"
#include "reference/adapter/script_operations.h"

namespace assay::adapter {
namespace {

namespace fs = std::filesystem;

// A copy of a database's files, gone with its object.
class Copy {
 public:
  explicit Copy(const std::string& path) {
    if (folder_.path().empty())
      throw std::system_error(errno, std::generic_category(), "a folder for a copy");
    const fs::path stem = path.empty() ? fs::path("db") : fs::path(path).filename();
    base_ = (folder_.path() / stem).string();
    for (const std::string_view ending : script_endings)
      if (!path.empty() && fs::is_regular_file(path + std::string(ending)))
        fs::copy_file(path + std::string(ending), base_ + std::string(ending));
  }
  const std::string& base() const { return base_; }

 private:
  TemporaryFolder folder_{fs::temp_directory_path() / "assay_dbm_"};
  std::string base_;
};

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\v\f";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

// Runs one line; its result is appended to `text`, with a comma if it is not the
// first.
void run_line(ScriptSession& session, std::string_view line, unsigned number, std::string& text) {
  const std::size_t blank = std::min(line.find(' '), line.size());
  const ScriptOperation* operation = find_script_operation(line.substr(0, blank));
  if (operation == nullptr)
    throw ScriptFault(
        fmt::format("line {}: no operation is called {}", number, line.substr(0, blank)));
  Graph graph;
  NodeId arguments;
  try {
    const std::string_view rest = without_blanks(line.substr(blank));
    arguments = parse(graph, fmt::format("[{}]", rest));
  } catch (const DecodeError& error) {
    throw ScriptFault(fmt::format("line {}: {}", number, error.what()));
  }
  const auto values = graph.items(arguments);
  if (values.size() < operation->least || values.size() > operation->most)
    throw ScriptFault(
        fmt::format("line {}: {} has {} values", number, line.substr(0, blank), values.size()));
  if (!text.empty()) text += ", ";
  try {
    text += operation->run(session, graph, values);
  } catch (const dbm::Raised& raised) {
    text += raises_text(raised.error());
  }
}

std::string run_script(ScriptSession& session, std::string_view script) {
  std::string results;
  unsigned number = 0;
  for (std::size_t begin = 0; begin <= script.size();) {
    const std::size_t end = std::min(script.find('\n', begin), script.size());
    const std::string_view line = without_blanks(script.substr(begin, end - begin));
    ++number;
    begin = end + 1;
    if (!line.empty() && line[0] != '#') run_line(session, line, number, results);
  }
  return fmt::format("([{}], {})", results, session.mapping_text());
}

}  // namespace

void answer_dbm_write(const Request& request, dbm::Python python, std::string& out) {
  if (request.format != "dbm.dumb" && request.format != "dbm")
    return answer_text(out, request.id, "unsupported", fmt::format("write {}", request.format));
  if (!request.options.empty())
    return answer_text(out, request.id, "unsupported",
                       fmt::format("option '{}'", request.options[0].key));
  try {
    const Copy copy{std::string(request.path)};
    ScriptSession session(copy.base(), request.format == "dbm", python);
    answer_text(out, request.id, "value", run_script(session, request.script));
  } catch (const ScriptFault& fault) {
    answer_error(out, request.id, "ProtocolError", fault.what());
  } catch (const ScriptUnsupported& fault) {
    answer_text(out, request.id, "unsupported", fault.what());
  } catch (const DecodeError& error) {  // which class Python raises is not known here
    answer_text(out, request.id, "unsupported", error.what());
  }
}

}  // namespace assay::adapter
