#include "harness/command/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/command/command.h"
#include "harness/command/project.h"
#include "harness/command/suggestions.h"

namespace assay {

Request request_of(const Case& c) {
  Request request;
  request.op = c.operation;
  request.id = c.id;
  request.format = c.module;
  request.data = c.input;
  request.value = c.value;
  request.path = c.path;
  request.script = c.script;
  if (c.operation == "encode") request.protocol = c.protocol;
  for (const CaseOption& option : c.options) request.options[option.key] = option.value;
  request.buffers = c.buffers;
  return request;
}

std::vector<Job> jobs_of(const std::vector<const Case*>& cases, double seconds) {
  std::vector<Job> jobs;
  jobs.reserve(cases.size());
  for (const Case* c : cases) jobs.push_back({request_of(*c), seconds});
  return jobs;
}

namespace {

// What a filter may say: topics, globs of what stands before a slash, files, ids.
std::vector<std::string> filter_words(const Corpus& corpus) {
  std::set<std::string> words;
  std::vector<std::string> ids;
  for (const CaseFile& file : corpus.files) {
    for (const Case& c : file.cases) {
      words.insert(c.topic);
      words.insert(c.id.substr(0, c.id.find('/')) + "/*");
      words.insert(c.file);
      ids.push_back(c.id);
    }
  }
  std::vector<std::string> all(words.begin(), words.end());
  all.insert(all.end(), ids.begin(), ids.end());
  return all;
}

}  // namespace

std::vector<const Case*> choose_cases(const Corpus& corpus,
                                      const std::vector<std::string>& wanted) {
  std::vector<const Case*> chosen;
  std::vector<bool> used(wanted.size(), false);
  for (const CaseFile& file : corpus.files) {
    for (const Case& c : file.cases) {
      bool take = wanted.empty();
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string& name = wanted[i];
        if (name != c.topic && name != c.format && name != c.reported && name != c.file &&
            !glob_match(name, c.id))
          continue;
        take = used[i] = true;
      }
      if (take) chosen.push_back(&c);
    }
  }
  const auto unused = std::find(used.begin(), used.end(), false);
  if (unused != used.end()) {
    const std::string& name = wanted[static_cast<std::size_t>(unused - used.begin())];
    throw UsageError(fmt::format("--filter {}: no case, topic or file is called so{}", name,
                                 perhaps(name, filter_words(corpus))));
  }
  return chosen;
}

std::string options_alone(const Case& c) {
  if (c.options.empty() && c.buffers.empty()) return "";
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const CaseOption& option : c.options)
    std::visit([&](const auto& value) { json[option.key] = value; }, option.value);
  if (!c.buffers.empty()) json["buffers"] = c.buffers;
  return json.dump();
}

}  // namespace assay
