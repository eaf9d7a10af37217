#include "harness/command/report_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "harness/command/command.h"
#include "reports/badge.h"
#include "reports/html_page.h"
#include "reports/junit.h"
#include "reports/markdown.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  std::ofstream out(path, std::ios::binary);
  write(out);
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw UsageError(fmt::format("{}: {}", folder.string(), error.message()));
}

Results read_stream(std::istream& in, const std::string& shown) {
  try {
    Results results = read_results(in, shown);
    if (results.run.started.empty() && results.implementations.empty())
      throw UsageError(shown + ": holds no run");
    return results;
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

Results read_results_of(const std::string& place) {
  if (place == "-") return read_stream(std::cin, "standard input");
  fs::path path = place;
  std::error_code error;
  if (fs::is_directory(path, error)) path /= "results.jsonl";
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw UsageError(
        fmt::format("{}: cannot be read; it should be a folder that 'assay run --out' wrote, or a "
                    "results.jsonl",
                    path.string()));
  return read_stream(in, path.string());
}

void write_reports(const std::string& folder, const Results& results) {
  const fs::path to = folder;
  make_folder(to);
  write_file(to / "results.jsonl", [&](std::ostream& out) { write_results(out, results); });
  write_file(to / "junit.xml", [&](std::ostream& out) { write_junit(out, results); });
  write_markdown(to, results);
}

void write_page(const std::string& folder, const Results& results, const Catalogue& catalogue,
                const Comparison* changes, const std::string& crossed) {
  make_folder(folder);
  HtmlOptions options;
  try {
    if (!crossed.empty()) options.crossings = crossings_in(crossed);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
  write_file(fs::path(folder) / "report.html",
             [&](std::ostream& out) { write_html(out, results, catalogue, changes, options); });
}

std::size_t write_badges(const std::string& folder, const Results& results) {
  const std::vector<Badge> all = badges(results);
  const fs::path to = fs::path(folder) / "badges";
  if (!all.empty()) make_folder(to);
  for (const Badge& badge : all) {
    write_file(to / (badge.file + ".svg"), [&](std::ostream& out) { out << badge_svg(badge); });
    write_file(to / (badge.file + ".json"), [&](std::ostream& out) { out << badge_json(badge); });
  }
  return all.size();
}

}  // namespace assay
