#include "harness/command/cross_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/command/command.h"
#include "harness/command/project.h"
#include "harness/command/text_layout.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t width = 80, cell_columns = 7, name_columns = 31;

// A, B, … Z, AA, AB, …
std::string letter(std::size_t i) {
  std::string text(1, static_cast<char>('A' + i % 26));
  return i < 26 ? text : letter(i / 26 - 1) + text;
}

// Names one behind the other, those that differ in the version alone as a range:
// "cpython-3.6-c to cpython-3.13-c". Names come in natural order.
std::string shown_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size();) {
    const auto kind = [&](std::size_t at) { return names[at].substr(0, names[at].find('-')); };
    std::size_t end = i + 1;
    while (end < names.size() && kind(end) == kind(i)) ++end;
    text += text.empty() ? "" : ", ";
    if (end - i < 3) {
      text += names[i];
      end = i + 1;
    } else {
      text += fmt::format("{} to {} ({})", names[i], names[end - 1], end - i);
    }
    i = end;
  }
  return text;
}

std::string markdown_text(std::string text) {
  for (std::size_t at = text.find('|'); at != text.npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

// Families of which every reader makes the same stand in one row.
struct Row {
  std::string names;
  std::vector<std::size_t> families;
};

std::vector<Row> rows_of(const CrossMatrix& matrix) {
  std::vector<Row> rows;
  const auto same = [&](std::size_t a, std::size_t b) {
    return matrix.families[a].files.size() == matrix.families[b].files.size() &&
           std::all_of(matrix.readers.begin(), matrix.readers.end(),
                       [&](const CrossReader& r) { return r.cells[a] == r.cells[b]; });
  };
  for (std::size_t i = 0; i < matrix.families.size(); ++i) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const Row& row) { return same(row.families[0], i); });
    Row& row = found == rows.end() ? rows.emplace_back() : *found;
    row.families.push_back(i);
    row.names += (row.names.empty() ? "" : ", ") + matrix.families[i].name;
  }
  return rows;
}

}  // namespace

std::string CrossCell::text() const {
  const std::size_t all = read + other + refused;
  const std::string mark = other > 0 ? "!" : "";
  if (read == all) return "yes";
  if (read == 0) return other > 0 ? "!" : "-";
  return fmt::format("{}/{}{}", read, all, mark);
}

bool has_module(const std::vector<Observation>& answers) {
  return std::any_of(answers.begin(), answers.end(),
                     [](const Observation& seen) { return seen.status != Status::unsupported; });
}

std::vector<CrossFamily> read_families(const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(read_input_file(file.string()));
    std::vector<CrossFamily> families;
    for (const auto& [name, family] : json.items()) {
      CrossFamily& one = families.emplace_back();
      one.name = name;
      one.writers = family.at("writers").get<std::vector<std::string>>();
      for (const auto& [stem, entries] : family.at("files").items())
        one.files.push_back({(file.parent_path() / name / stem).string(), entries});
    }
    return families;
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

std::string matrix_text(const CrossMatrix& matrix) {
  const std::vector<Row> rows = rows_of(matrix);
  const std::size_t a_page = (width - name_columns) / cell_columns;
  std::string text;
  for (std::size_t first = 0; first < matrix.readers.size(); first += a_page) {
    const std::size_t end = std::min(first + a_page, matrix.readers.size());
    text += fmt::format("{:<{}}", "files of \\ opened by", name_columns);
    for (std::size_t i = first; i < end; ++i)
      text += fmt::format("{:>{}}", letter(i), cell_columns);
    text += '\n';
    for (const Row& row : rows) {
      const std::size_t family = row.families[0];
      const std::string name =
          row.families.size() == 1
              ? row.names
              : fmt::format("{} +{}", matrix.families[family].name, row.families.size() - 1);
      text += fmt::format("{:<{}}", name.substr(0, name_columns - 1), name_columns);
      for (std::size_t i = first; i < end; ++i)
        text += fmt::format("{:>{}}", matrix.readers[i].cells[family].text(), cell_columns);
      text += '\n';
    }
    text += '\n';
  }
  for (std::size_t i = 0; i < matrix.readers.size(); ++i)
    text += labelled(fmt::format("{:>2}", letter(i)),
                     fmt::format("{}: {}", matrix.readers[i].module,
                                 shown_names(matrix.readers[i].implementations)),
                     4);
  for (const Row& row : rows)
    if (row.families.size() > 1) text += labelled(" +", fmt::format("alike: {}", row.names), 4);
  text += "yes: every file, with exactly its entries. k/n: k of n. -: none. !: with others.\n";
  return text;
}

std::string matrix_markdown(const CrossMatrix& matrix) {
  std::string text = fmt::format("# {}: files written by A, opened by B\n\n", matrix.format);
  text +=
      "yes: every file, with exactly what was stored. k/n: k of n files. -: none. !: some come out "
      "with other entries.\n\n| files of | writers | files |";
  std::string line = "|---|---|---:|";
  for (std::size_t i = 0; i < matrix.readers.size(); ++i) {
    text += fmt::format(" {} |", letter(i));
    line += ":---:|";
  }
  text += "\n" + line + "\n";
  for (std::size_t f = 0; f < matrix.families.size(); ++f) {
    const CrossFamily& family = matrix.families[f];
    text += fmt::format("| {} | {} | {} |", family.name,
                        markdown_text(fmt::format("{}", fmt::join(family.writers, "; "))),
                        family.files.size());
    for (const CrossReader& reader : matrix.readers)
      text += fmt::format(" {} |", reader.cells[f].text());
    text += '\n';
  }
  text += "\n| | module | opened by |\n|---|---|---|\n";
  for (std::size_t i = 0; i < matrix.readers.size(); ++i)
    text += fmt::format("| {} | {} | {} |\n", letter(i), matrix.readers[i].module,
                        fmt::join(matrix.readers[i].implementations, ", "));
  return text;
}

std::string matrix_json(const CrossMatrix& matrix) {
  Json json;
  json["schema"] = "assay-cross-1";
  json["format"] = matrix.format;
  json["families"] = Json::array();
  for (const CrossFamily& family : matrix.families)
    json["families"].push_back(
        {{"name", family.name}, {"writers", family.writers}, {"files", family.files.size()}});
  json["readers"] = Json::array();
  for (const CrossReader& reader : matrix.readers) {
    Json cells = Json::array();
    for (const CrossCell& cell : reader.cells)
      cells.push_back({{"read", cell.read}, {"other", cell.other}, {"refused", cell.refused}});
    json["readers"].push_back({{"module", reader.module},
                               {"implementations", reader.implementations},
                               {"cells", std::move(cells)}});
  }
  return json.dump(1) + "\n";
}

}  // namespace assay
