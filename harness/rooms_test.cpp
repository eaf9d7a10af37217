// Holds the table of rooms in ARCHITECTURE.md against every #include.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace assay {
namespace {

namespace fs = std::filesystem;

const fs::path root = ASSAY_SOURCE_DIR;

struct Rooms {
  std::map<std::string, std::set<std::string>> allowed;         // room -> rooms
  std::map<std::string, std::set<std::string>> test_additions;  // "*_test.cpp of room" -> rooms
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" `") - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(trimmed(part));
  return parts;
}

std::set<std::string> names(const std::string& cell) {
  std::set<std::string> found;
  for (const auto& name : split(cell, ','))
    if (!name.empty()) found.insert(name);
  return found;
}

// Both tables: "| room | may include | …" and "| tests of | may also include |".
Rooms read_rooms() {
  Rooms rooms;
  std::ifstream file(root / "ARCHITECTURE.md");
  enum { none, first, second } table = none;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| room | may include |", 0) == 0) {
      table = first;
    } else if (line.rfind("| tests of | may also include |", 0) == 0) {
      table = second;
    } else if (line.rfind("|", 0) != 0) {
      table = none;
    } else if (table != none && line.rfind("|---", 0) != 0) {
      const auto cells = split(line, '|');  // cells[0] is empty
      if (cells.size() < 3) continue;
      (table == first ? rooms.allowed : rooms.test_additions)[cells[1]] = names(cells[2]);
    }
  }
  return rooms;
}

// The room of a file: the longest name of a room that its folder starts with.
std::string room_of(const Rooms& rooms, fs::path folder) {
  for (; !folder.empty(); folder = folder.parent_path())
    if (rooms.allowed.count(folder.generic_string()) != 0) return folder.generic_string();
  return "";
}

bool beside_the_code(const std::string& file) {
  for (const char* suffix : {"_test.cpp", "_fuzz.cpp", "_bench.cpp", "_for_tests.h"})
    if (file.size() > std::string(suffix).size() &&
        file.compare(file.size() - std::string(suffix).size(), std::string::npos, suffix) == 0)
      return true;
  return false;
}

std::vector<fs::path> sources() {
  std::vector<fs::path> found;
  for (const char* top : {"reference", "generators", "harness", "reports"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".h" || extension == ".cpp"))
        found.push_back(fs::relative(entry.path(), root));
    }
  }
  return found;
}

std::vector<std::string> project_includes(const fs::path& file) {
  std::vector<std::string> found;
  std::ifstream in(root / file);
  for (std::string line; std::getline(in, line);) {
    const auto start = line.find("#include \"");
    if (start != 0) continue;
    found.push_back(line.substr(10, line.find('"', 10) - 10));
  }
  return found;
}

TEST(Rooms, IncludeOnlyWhatArchitectureAllows) {
  const Rooms rooms = read_rooms();
  ASSERT_GE(rooms.allowed.size(), 8u) << "the table in ARCHITECTURE.md was not understood";
  std::size_t includes = 0;
  for (const fs::path& file : sources()) {
    const std::string room = room_of(rooms, file.parent_path());
    EXPECT_NE(room, "") << file << " is in no room of ARCHITECTURE.md";
    const bool test = beside_the_code(file.generic_string());
    for (const std::string& included : project_includes(file)) {
      ++includes;
      EXPECT_TRUE(fs::exists(root / included)) << file << " includes " << included;
      const std::string other = room_of(rooms, fs::path(included).parent_path());
      if (other == room) continue;
      bool allowed = rooms.allowed.at(room).count(other) != 0;
      const auto more = rooms.test_additions.find(room);
      if (test && more != rooms.test_additions.end()) allowed |= more->second.count(other) != 0;
      EXPECT_TRUE(allowed) << fmt::format("{} includes {}: {} may not include {}", file.string(),
                                          included, room, other);
    }
  }
  EXPECT_GT(includes, 100u) << "the walk found too little to mean anything";
}

TEST(Rooms, EachRoomExistsAndHasItsReadme) {
  for (const auto& [room, allowed] : read_rooms().allowed) {
    EXPECT_TRUE(fs::is_directory(root / room)) << room;
    if (room.rfind("reference/", 0) == 0) {
      EXPECT_TRUE(fs::exists(root / room / "README.md")) << room << " has no README.md";
    }
    for (const auto& other : allowed)
      EXPECT_TRUE(fs::is_directory(root / other)) << room << " may include " << other;
  }
}

}  // namespace
}  // namespace assay
