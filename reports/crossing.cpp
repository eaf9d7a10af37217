#include "reports/crossing.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

namespace assay {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// All that a page reads of it.
void check(const Json& json, const std::string& format) {
  if (json.at("schema") != "assay-cross-1") throw std::runtime_error("of another schema");
  if (json.at("format") != format) throw std::runtime_error("of another format");
  const Json& families = json.at("families");
  for (const Json& family : families) {
    (void)family.at("name").get_ref<const std::string&>();
    (void)family.at("files").get<std::size_t>();
    for (const Json& writer : family.at("writers")) (void)writer.get_ref<const std::string&>();
  }
  for (const Json& reader : json.at("readers")) {
    (void)reader.at("module").get_ref<const std::string&>();
    for (const Json& who : reader.at("implementations")) (void)who.get_ref<const std::string&>();
    if (reader.at("cells").size() != families.size())
      throw std::runtime_error("a reader has not as many cells as there are families");
    for (const Json& cell : reader.at("cells"))
      for (const char* what : {"read", "other", "refused"}) (void)cell.at(what).get<std::size_t>();
  }
}

}  // namespace

std::vector<Crossing> crossings_in(const fs::path& folder) {
  std::vector<Crossing> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("cross-") || !name.ends_with(".json")) continue;
    const std::string format = name.substr(6, name.size() - 6 - 5);
    try {
      std::ifstream in(entry.path(), std::ios::binary);
      const Json json = Json::parse(in);
      check(json, format);
      all.push_back({format, json.dump()});
    } catch (const std::exception& fault) {
      throw std::runtime_error(
          fmt::format("{}: no matrix of 'assay cross': {}", entry.path().string(), fault.what()));
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Crossing& a, const Crossing& b) { return a.format < b.format; });
  return all;
}

}  // namespace assay
