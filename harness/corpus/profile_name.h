// Names of profiles, `cpython-3.13-c`, and the selections of them that
// `--target` takes. The grammar:
//
//   name      := 'cpython-' version '-' lane ['-32']
//   version   := MAJOR '.' MINOR ['.' PATCH]
//   lane      := 'c' | 'py'
//   selection := item { ',' item }
//   item      := 'all' | name | 'cpython-' range ['-' lane] ['-32']
//   range     := version | version '+' | version '..' version
//
// A name is exact: without `-32` it means the 64-bit profile. Every other item
// takes both word sizes unless it ends in `-32`, and both lanes unless it names
// one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

enum class Lane : std::uint8_t { c, py };

struct ProfileName {
  int major = 0;
  int minor = 0;
  std::string patch;  // "13", "0rc1"; empty: the patch level that is recorded
  int word = 64;      // bits of Py_ssize_t
  Lane lane = Lane::c;

  // Takes `cpython-3.13-c` or `cpython-3.13.0-c-32`; nothing for any other text.
  static std::optional<ProfileName> parse(std::string_view text);

  // The name with its patch level, if it has one.
  std::string text() const;
  // The name without patch level, as recorded outcomes are keyed.
  std::string recorded() const;
};

// The natural order of profiles: version, word size (64 first), lane (c first).
// Texts that are no profile names come last, in alphabetical order.
bool profile_before(std::string_view a, std::string_view b);

// Names `profiles`, a part of `universe`, as a selection that is as short as can
// be and takes exactly them out of the universe: "cpython-3.6..3.13-c".
std::string selection_text(const std::vector<std::string>& profiles,
                           const std::vector<std::string>& universe);

// Which recorded profiles are meant.
class ProfileSelection {
 public:
  // Throws std::invalid_argument naming the item that is wrong.
  explicit ProfileSelection(std::string_view text);

  // What `assay run` judges by unless told otherwise: design §6.
  static ProfileSelection standard() { return ProfileSelection("cpython-3.8+"); }

  const std::string& text() const { return text_; }
  bool contains(const ProfileName& name) const;
  bool contains(std::string_view profile) const;

  // The names among `profiles` that are selected, in natural order.
  std::vector<std::string> of(const std::vector<std::string>& profiles) const;

 private:
  struct Item {
    int low = 0, high = 0;     // 1000 * major + minor, inclusive
    std::string patch;         // exact patch level, or empty
    std::optional<Lane> lane;  // or both
    std::optional<int> word;   // or both
  };
  static Item parse_item(std::string_view item);

  std::string text_;
  std::vector<Item> items_;
};

}  // namespace assay
