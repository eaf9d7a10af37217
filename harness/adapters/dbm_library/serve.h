// What the adapters of libgdbm and libdb have in common: the protocol, and
// entries as value text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// A key, or the number of a record, as value text; and the values, in order.
class Entries {
 public:
  void add(const void* key, std::size_t key_size, const void* value, std::size_t value_size) {
    add(literal(key, key_size), value, value_size);
  }
  void add_record(std::uint32_t number, const void* value, std::size_t value_size) {
    add(std::to_string(number), value, value_size);
  }
  // A dict; a key with several values has a list of them.
  std::string text() const {
    std::string all;
    for (const auto& [key, values] : entries_) {
      std::string joined;
      for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + value;
      all += (all.empty() ? "" : ", ") + key + ": ";
      all += values.size() == 1 ? joined : "[" + joined + "]";
    }
    return "{" + all + "}";
  }

 private:
  static std::string literal(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::string text = "b'";
    for (std::size_t i = 0; i < size; ++i) {
      char escaped[5];
      const bool plain = bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '\'' && bytes[i] != '\\';
      std::snprintf(escaped, sizeof escaped, plain ? "%c" : "\\x%02x", bytes[i]);
      text += escaped;
    }
    return text + "'";
  }
  void add(const std::string& key, const void* value, std::size_t value_size) {
    const auto [place, is_new] = places_.emplace(key, entries_.size());
    if (is_new) entries_.push_back({key, {}});
    entries_[place->second].second.push_back(literal(value, value_size));
  }

  std::vector<std::pair<std::string, std::vector<std::string>>> entries_;
  std::map<std::string, std::size_t> places_;
};

// The answer to a request `read`, but for its id.
using Answer = nlohmann::json;
using Read = std::function<Answer(const std::string& format, const std::string& path)>;

inline Answer rejected(const std::string& message) {
  return {{"error", "error"}, {"message", message}};
}

// A copy of a file, gone with its object: libraries may write to a damaged file
// that they opened for reading.
class Copy {
 public:
  explicit Copy(const std::string& path) {
    std::string name = (std::filesystem::temp_directory_path() / "assay_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    folder_ = name;
    std::error_code ignored;  // what is not there is for the library to miss
    std::filesystem::copy_file(path, folder_ / "file", ignored);
  }
  ~Copy() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  std::string path() const { return (folder_ / "file").string(); }

 private:
  std::filesystem::path folder_;
};

// Answers requests until `bye` or the end of input. `hello` lacks what every
// adapter of a C library says.
inline int serve(Answer hello, const Read& read) {
  hello.update(
      {{"language", "C"}, {"window", 8}, {"identity", "none"}, {"lossy", Answer::array()}});
  for (std::string line; std::getline(std::cin, line);) {
    const Answer request = Answer::parse(line);
    const std::string operation = request.at("op");
    if (operation == "bye") break;
    Answer answer = {{"unsupported", operation}};
    if (operation == "hello") answer = hello;
    if (operation == "read") answer = read(request.at("format"), Copy(request.at("path")).path());
    if (request.contains("id")) answer["id"] = request["id"];
    // Whatever bytes a message holds: ASCII.
    std::cout << answer.dump(-1, ' ', true, Answer::error_handler_t::replace) << std::endl;
  }
  return 0;
}
