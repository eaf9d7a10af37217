// assay rewrite: every .pyc file below some folders, read and written again.
#include "harness/command/rewrite_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/command/marshal_file.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "harness/command/text_layout.h"
#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/writer.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

struct RewriteCommand {
  std::vector<std::string> folders;
  std::string out, like;
  std::size_t shown = 20;
  bool json = false;
};

// What was found of one Python's files.
struct Sum {
  std::size_t files = 0, wrong = 0;
  std::uint64_t bytes = 0;
};

bool is_pyc_name(const fs::path& path) {
  return path.extension() == ".pyc" || path.extension() == ".pyo";
}

std::vector<fs::path> pycs_below(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw UsageError(folder.string() + ": is no folder");
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (is_pyc_name(entry.path()) && entry.is_regular_file()) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

void write_file(const fs::path& path, std::string_view header, const std::string& data) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << header << data;
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
}

// What is wrong with a file; empty for nothing. Its normal form goes into
// `written`, as the writer gave it.
std::string fault_of(const MarshalFile& file, std::string& written) {
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, file.data(), file.profile);
  if (!outcome.accepted)
    return fmt::format("at {:#x}: {}: {}", file.offset() + outcome.offset, outcome.error,
                       outcome.message);
  if (outcome.consumed != file.data().size())
    return fmt::format("at {:#x}: bytes are left over", file.offset() + outcome.consumed);
  // A compiler's constants hold no sets but frozensets, whose order depends on the
  // process that wrote: it is part of the data.
  marshal::Written again = marshal::write(graph, outcome.value, file.profile.highest_version(),
                                          file.profile, {.keep_set_order = true});
  if (!again.accepted) return "not written: " + again.message;
  written = std::move(again.data);
  const std::string normal = marshal::normal_form(file.data(), file.profile);
  if (written == normal) return "";
  const auto at = std::mismatch(written.begin(), written.end(), normal.begin(), normal.end());
  return fmt::format("not the normal form, from its byte {} on", at.first - written.begin());
}

// What differs between a file and the one that it should be like, as `assay diff`
// of the two tells; empty where the normal forms are equal.
std::string difference(const MarshalFile& file, const fs::path& other) {
  std::error_code ignored;
  if (!fs::is_regular_file(other, ignored)) return other.string() + ": there is no such file";
  const std::string content = read_input_file(other.string());
  for (const marshal::PycDifference& found :
       marshal::compare_pyc(as_bytes(content), as_bytes(file.content)))
    if (found.what != "references")
      return fmt::format("{}: {} {}", found.what, found.left, found.right);
  return "";
}

void rewrite(Context& context, const RewriteCommand& options) {
  std::map<marshal::Version, Sum> sums;
  std::size_t others = 0, done = 0, wrong = 0;
  const bool progress = is_terminal(STDERR_FILENO);
  for (const std::string& folder : options.folders) {
    const std::vector<fs::path> all = pycs_below(folder);
    for (const fs::path& path : all) {
      if (progress && ++done % 100 == 0)
        fmt::print(stderr, "\r\033[K{} files, {} wrong", done, wrong);
      MarshalFile file;
      try {
        file = open_marshal(path.string(), read_input_file(path.string()), "pyc", "");
      } catch (const UsageError&) {
        ++others;  // test data of a library: broken on purpose, or of other Pythons
        continue;
      }
      Sum& sum = sums[file.header->magic->python];
      ++sum.files;
      sum.bytes += file.content.size();
      std::string written;
      std::string what;
      try {
        what = fault_of(file, written);
        const fs::path inside = fs::relative(path, folder);
        if (what.empty() && !options.like.empty())
          what = difference(file, fs::path(options.like) / inside);
        if (what.empty() && !options.out.empty())
          write_file(fs::path(options.out) / inside,
                     std::string_view(file.content).substr(0, file.offset()), written);
      } catch (const DecodeError& error) {
        what = error.what();
      }
      if (what.empty()) continue;
      ++sum.wrong;
      if (++wrong <= options.shown)
        fmt::print(stderr, "{}{}: {}\n", progress ? "\r\033[K" : "", path.string(), what);
    }
  }
  if (progress) fmt::print(stderr, "\r\033[K");
  if (wrong != 0) context.status = exit_differs;
  if (!options.json) fmt::print("{:<8}{:>10}{:>16}{:>10}\n", "Python", "files", "bytes", "wrong");
  for (const auto& [version, sum] : sums) {
    const std::string python = fmt::format("{}.{}", version.major, version.minor);
    if (options.json) {
      fmt::print(
          "{}\n",
          nlohmann::ordered_json{
              {"python", python}, {"files", sum.files}, {"bytes", sum.bytes}, {"wrong", sum.wrong}}
              .dump());
    } else {
      fmt::print("{:<8}{:>10}{:>16}{:>10}\n", python, sum.files, sum.bytes, sum.wrong);
    }
  }
  if (others != 0)
    fmt::print(stderr, "{} files have no header of a Python that is known here\n", others);
}

}  // namespace

void add_rewrite(CLI::App& app, Context& context) {
  auto options = std::make_shared<RewriteCommand>();
  CLI::App* command = app.add_subcommand(
      "rewrite", "Read every .pyc file below a folder, write it again, and compare");
  command->add_option("folder", options->folders, "Where .pyc files are looked for")->required();
  command->add_option("-o,--out", options->out, "Write what was written to this folder")
      ->type_name("FOLDER");
  command
      ->add_option("--like", options->like,
                   "Also compare each file with that of the same name in this folder, as 'assay "
                   "diff' does: only FLAG_REF may differ")
      ->type_name("FOLDER");
  command->add_option("--show", options->shown, "Files to name of those that are wrong")
      ->capture_default_str();
  command->add_flag("--json", options->json, "A JSON object for each Python");
  command->callback([options, &context] { rewrite(context, *options); });
}

}  // namespace assay
