#include "reference/pickle/codecs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "reference/bytes/hex.h"
#include "reference/pickle/encoding.h"
#include "reference/pickle/faults.h"
#include "reference/pickle/python_for_tests.h"
#include "reference/value/text.h"

namespace assay::pickle {
namespace {

// What Encoding makes of bytes, as value text, or "!" for a refusal.
std::string decoded(const std::string& codec, const std::string& errors, const std::string& bytes) {
  Graph graph;
  try {
    return print(graph, Encoding(codec, errors).decode(graph, as_bytes(bytes), true));
  } catch (const Rejection&) {
    return "!";
  }
}

std::string python_prelude() {
  return "import binascii, sys\n"
         "def show(codec, errors, data):\n"
         "    try:\n"
         "        text = ascii(data.decode(codec, errors))\n"
         "    except UnicodeDecodeError:\n"
         "        text = '!'\n"
         "    print(codec, errors, binascii.hexlify(data).decode() or '-', text)\n";
}

std::string unquoted(const std::string& text) {  // ascii() may use double quotes
  if (text.empty() || text[0] != '"') return text;
  std::string single = "'";
  for (const char c : text.substr(1, text.size() - 2))
    single += c == '\'' ? "\\'" : std::string(1, c);
  return single + "'";
}

// Runs the script's cases through Encoding and compares each line.
std::size_t compare(const std::string& script) {
  const PythonRun run = run_python("python3", python_prelude() + script, true);
  EXPECT_EQ(run.status, 0) << "python3 is needed to compare with";
  std::istringstream lines(run.output);
  std::size_t count = 0, wrong = 0;
  for (std::string line; std::getline(lines, line) && wrong < 10; ++count) {
    std::istringstream fields(line);
    std::string codec, errors, hex, text;
    fields >> codec >> errors >> hex;
    std::getline(fields >> std::ws, text);
    const auto bytes = from_hex(hex == "-" ? "" : hex);
    const std::string got = decoded(codec, errors, *bytes);
    EXPECT_EQ(got, unquoted(text)) << line;
    wrong += got != unquoted(text);
  }
  return count;
}

TEST(Codecs, EveryCodePageReadsEveryByteAsPythonDoes) {
  std::string names;
  for (std::size_t i = 0; i < ByteCodec::rows(); ++i)
    names += fmt::format("'{}',", ByteCodec::row(i)[0]);
  EXPECT_EQ(compare("for codec in [" + names +
                    "]:\n"
                    "    for byte in range(256):\n"
                    "        show(codec, 'strict', bytes([byte]))\n"
                    "        show(codec, 'replace', bytes([byte, 65]))\n"),
            ByteCodec::rows() * 512);
}

TEST(Codecs, DoubleByteSetsReadEveryPairAsPythonDoes) {
  EXPECT_EQ(compare("for codec in ['shift_jis', 'gb2312', 'cp949']:\n"
                    "    for pair in range(0x8000, 0x10000, 3):\n"
                    "        show(codec, 'replace', bytes([pair >> 8, pair & 255]))\n"),
            3u * 10923u);
}

TEST(Codecs, WideUnitsAndEscapesWithEveryHandler) {
  EXPECT_GT(
      compare(
          "cases = {'utf-16-le': ['', '61', '6100', '610062', '00d8', '00d800dc', '00d86100',\n"
          "  '00dc', '00d861', '80d8', '80dc', 'ffff', '00d8', 'fffe6100'],\n"
          " 'utf-16-be': ['0061', 'd800', 'd800dc00', 'd8000061', 'd88180', 'dc80'],\n"
          " 'utf-16': ['fffe6100', 'feff0061', '6100', 'ff', 'fffe'],\n"
          " 'utf-32-le': ['61000000', '610000', '00d80000', '00001100', '80dc0000', 'ff'],\n"
          " 'utf-32-be': ['00000061', '0000d800', '00110000'],\n"
          " 'utf-32': ['fffe000061000000', '0000feff00000061', '61000000'],\n"
          " 'utf-8-sig': ['efbbbf61', '61', 'efbb', 'efbbbf', 'efbbbfff'],\n"
          " 'unicode_escape': ['5c753030653961', '5c', '5c78', '5c7831', '5c783431', "
          "'5c75643830',\n"
          "  '5c7564383030', '5c5530303131303030', '5c553030313130303030', '5c71', '5c3737',\n"
          "  '5c373737', '5c38', 'e9', '5c0a61', '5c6e', '5c5c', '5c27', '5c553030303166363030']}\n"
          "for codec in cases:\n"
          "    for data in cases[codec]:\n"
          "        for errors in ['strict', 'ignore', 'replace', 'backslashreplace',\n"
          "                       'surrogateescape', 'surrogatepass']:\n"
          "            show(codec, errors, binascii.unhexlify(data))\n"),
      300u);
}

}  // namespace
}  // namespace assay::pickle
