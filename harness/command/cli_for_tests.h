// What the tests of the command line share: a folder, the program run in it, and
// what it said.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace assay {

namespace fs = std::filesystem;

struct Ended {
  int status = -1;
  std::string out, err;
};

inline std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

inline std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;  // code points
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    widest = std::max(widest, columns);
  }
  return widest;
}

// A folder for the test, and what is run in it.
class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }

  // Runs commands of a shell in the folder.
  Ended shell(const std::string& commands) const {
    const std::string line =
        fmt::format("cd '{}' && {{ {}; }} >out 2>err </dev/null", folder_.string(), commands);
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(folder_ / "out"),
            text_of(folder_ / "err")};
  }
  Ended run(const std::string& arguments) const {
    return shell(fmt::format("'{}/assay' {}", ASSAY_BIN_DIR, arguments));
  }

  fs::path folder_;
};

// Assay's own project, and no implementations but what stands in /usr/bin: fast, and
// the same everywhere.
class CliTest : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    setenv("PYENV_ROOT", "/nowhere", 1);
    setenv("ASSAY_PYODIDE_DIR", "/nowhere", 1);
    setenv("PATH", "/usr/bin:/bin", 1);
    setenv("ASSAY_ROOT", ASSAY_SOURCE_DIR, 1);
  }

  // A project of two cases that links to the real adapters.
  void make_project() {
    fs::create_directories(folder_ / "project/harness");
    fs::create_directory_symlink(fs::path(ASSAY_SOURCE_DIR) / "harness/adapters",
                                 folder_ / "project/harness/adapters");
    write("project/corpus/pickle/t.toml",
          "format = 'pickle'\ntopic = 't'\n"
          "[[case]]\nid = 't/none'\nwhy = 'a value'\nspec = 's'\nasm = 'NONE; STOP'\n"
          "[[case]]\nid = 't/base'\nwhy = 'an argument'\nspec = 's'\nhex = '4930780a2e'\n");
    setenv("ASSAY_ROOT", path("project").c_str(), 1);
  }
};

}  // namespace assay
