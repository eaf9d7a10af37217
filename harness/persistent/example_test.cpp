// The example of persistent ids, end to end: Python pickles records by
// reference; load_memos and `assay show --persistent` get back what Python does.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace assay {
namespace {

struct Finished {
  int status;
  std::string output;
};

Finished run(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr) << command;
  Finished result{};
  char buffer[4096];
  for (std::size_t count; (count = fread(buffer, 1, sizeof(buffer), pipe)) > 0;)
    result.output.append(buffer, count);
  result.status = pclose(pipe);
  return result;
}

// Lines as one list, as the command line shows it.
std::string as_list(std::string lines) {
  lines.pop_back();
  for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 2)
    lines.replace(at, 1, ", ");
  return "[" + lines + "]\n";
}

TEST(Example, LoadsWhatPythonLoads) {
  const std::string folder =
      std::filesystem::temp_directory_path() / fmt::format("assay-example-{}", getpid());
  std::filesystem::create_directory(folder);
  const std::string recipe = ASSAY_SOURCE_DIR "/harness/persistent/example/make_memos.py";
  // Protocol 0 writes a persistent id as text, which is not a tuple any more.
  for (int protocol = 1; protocol <= 4; ++protocol) {
    const Finished python = run(fmt::format("python3 '{}' '{}' {}", recipe, folder, protocol));
    ASSERT_EQ(python.status, 0) << "python3 is needed as the oracle of this test";
    const Finished ours = run(
        fmt::format("'{0}/load_memos' '{1}/memos.pickle' '{1}/memos.db'", ASSAY_BIN_DIR, folder));
    EXPECT_EQ(ours.status, 0);
    EXPECT_EQ(ours.output, python.output) << "protocol " << protocol;
    EXPECT_NE(python.output.find("learn italian"), std::string::npos);
    const Finished shown = run(fmt::format(
        "'{0}/assay' show --persistent '{1}/memos.db' '{1}/memos.pickle'", ASSAY_BIN_DIR, folder));
    EXPECT_EQ(shown.status, 0);
    EXPECT_EQ(shown.output, as_list(python.output)) << "protocol " << protocol;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace assay
