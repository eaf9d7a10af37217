#include "harness/command/marshal_file.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/command/command.h"
#include "harness/command/project.h"
#include "harness/command/quirk_list.h"
#include "harness/command/text_layout.h"
#include "harness/corpus/profile_name.h"
#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/reader.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

// "2024-05-01 12:00:00 UTC" of seconds since 1970.
std::string time_text(std::uint32_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Json header_json(const marshal::PycHeader& header) {
  Json json;
  json["magic"] = header.number;
  json["python"] = fmt::format("{}.{}", header.magic->python.major, header.magic->python.minor);
  json["since"] = marshal::pyc_magic_since(header.number);
  json["release"] = header.magic->release;
  json["flags"] = header.flags;
  if (header.time) json["time"] = *header.time;
  if (header.size) json["size"] = *header.size;
  if (header.hash) json["hash"] = fmt::format("{:016x}", *header.hash);
  return json;
}

// Which releases have the magic number: "that of the release", "from 3.13a5 on".
std::string magic_text(const marshal::PycHeader& header) {
  const marshal::PycMagic& row = *header.magic;
  const std::string_view since = marshal::pyc_magic_since(header.number);
  const std::string from = since.empty() ? "" : fmt::format("from {} on, ", since);
  if (header.number == row.release) return from + "that of the release";
  if (header.number < row.release)
    return fmt::format("{}before the release's {}", from, row.release);
  if (row.python.major == 2) return "that of the release under -U";
  return fmt::format("after {}, the last that is known", row.release);
}

// What one profile makes of data.
struct Made {
  std::vector<std::string> profiles;
  bool accepted = false;
  std::string text;  // value text, or what went wrong
  std::uint64_t consumed = 0;
};

Made made_by(const std::string& name, Bytes data) {
  Graph graph;
  const marshal::Outcome outcome =
      marshal::read(graph, data, marshal::Profile::parse(name).value());
  Made made{{name}, outcome.accepted, "", outcome.consumed};
  if (outcome.accepted) {
    made.text = print(graph, outcome.value);
  } else if (outcome.status == marshal::Status::crashes) {
    made.text = "(crash) " + outcome.message;
  } else {
    made.text = fmt::format("!{} at {:#x}: {}", outcome.error, outcome.offset, outcome.message);
  }
  return made;
}

}  // namespace

bool is_pyc(std::string_view content) {
  if (content.size() < 8 || content.substr(2, 2) != "\r\n") return false;
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(content[i]));
  };
  return marshal::find_pyc_magic(static_cast<std::uint16_t>(byte(0) | byte(1) << 8)) != nullptr;
}

bool wants_marshal(std::string_view format, std::string_view content) {
  return format == "pyc" || format == "marshal" || (format.empty() && is_pyc(content));
}

MarshalFile open_marshal(const std::string& name, std::string content, const std::string& format,
                         const std::string& as) {
  MarshalFile file;
  file.content = std::move(content);
  if (format != "marshal") {
    try {
      file.header = marshal::read_pyc_header(as_bytes(file.content));
    } catch (const DecodeError& error) {
      throw UsageError(fmt::format("{}: {}", shown_name(name), error.what()));
    }
    const auto profile = marshal::pyc_profile(*file.header);
    if (!profile && as.empty())
      throw UsageError(fmt::format(
          "{}: at 0x0: magic number: code objects of Python {}.{} are not known; --as reads "
          "them as another Python",
          shown_name(name), file.header->magic->python.major, file.header->magic->python.minor));
    if (profile) file.profile = *profile;
  }
  if (!as.empty()) file.profile = parse_marshal_profile(as);
  return file;
}

marshal::Profile parse_marshal_profile(const std::string& as) {
  if (as.empty()) return {};
  const auto profile = marshal::Profile::parse(as);
  if (!profile)
    throw UsageError(fmt::format("--as {}: a profile is one of {}", as,
                                 fmt::join(marshal::recorded_profiles(), " ")));
  return *profile;
}

std::string header_text(const MarshalFile& file) {
  if (!file.header) return "";
  const marshal::PycHeader& header = *file.header;
  std::string text =
      fmt::format(".pyc of Python {}.{}, magic number {}: {}\n", header.magic->python.major,
                  header.magic->python.minor, header.number, magic_text(header));
  if (header.hash)
    text += fmt::format("source hash {:016x}, {}\n", *header.hash,
                        (header.flags & marshal::PycHeader::check_source) != 0
                            ? "compared with the source"
                            : "not compared with the source");
  if (header.time) {
    text += fmt::format("source of {}", time_text(*header.time));
    text += header.size ? fmt::format(", {} bytes\n", *header.size) : "\n";
  }
  return text;
}

void show_marshal(const std::string& name, const MarshalFile& file, bool json) {
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, file.data(), file.profile);
  Json entry;
  if (file.header) entry["header"] = header_json(*file.header);
  entry["profile"] = file.profile.name();
  if (!outcome.accepted) {
    const std::uint64_t at = file.offset() + outcome.offset;
    const std::string what =
        fmt::format("{}{}{}", outcome.error, outcome.error.empty() ? "" : ": ", outcome.message);
    entry["error"] = {{"what", what}, {"offset", at}, {"field", "type"}};
    if (json) fmt::print("{}\n", entry.dump());
    throw UsageError(fmt::format("{}: at {:#x}: type: {}", shown_name(name), at, what));
  }
  const std::string value = print(graph, outcome.value);
  if (json) {
    entry["consumed"] = file.offset() + outcome.consumed;
    entry["value"] = value;
    fmt::print("{}\n", entry.dump());
    return;
  }
  const std::string header = header_text(file);
  for (std::size_t at = 0; at < header.size();) {
    const std::size_t end = header.find('\n', at);
    fmt::print("# {}\n", header.substr(at, end - at));
    at = end + 1;
  }
  fmt::print("{}\n", value);
  const std::size_t rest = file.data().size() - outcome.consumed;
  if (rest != 0)
    fmt::print(stderr, "{}: {} bytes follow at {:#x}\n", shown_name(name), rest,
               file.offset() + outcome.consumed);
}

bool diff_marshal(const std::string& left_name, const MarshalFile& left,
                  const std::string& right_name, const MarshalFile& right, bool json) {
  std::vector<marshal::PycDifference> found;
  try {
    if (left.header && right.header) {
      found = marshal::compare_pyc(as_bytes(left.content), as_bytes(right.content));
    } else {
      found = marshal::compare_marshal(left.data(), left.profile, right.data(), right.profile);
    }
  } catch (const DecodeError& error) {
    throw UsageError(fmt::format("{}, {}: {}", left_name, right_name, error.what()));
  }
  Json list = Json::array();
  for (const marshal::PycDifference& one : found) {
    if (json) {
      list.push_back({{"what", one.what}, {"left", one.left}, {"right", one.right}});
    } else if (one.what == "references") {
      fmt::print("{}", wrapped("references: the same value and the same normal form; only which "
                               "objects bear FLAG_REF differs, that is the reference counts of "
                               "the processes that wrote",
                               0));
    } else {
      fmt::print("{}\n  {}  {}\n  {}  {}\n", cut_line(one.what, screen_columns), "-",
                 cut_line(one.left, screen_columns - 5), "+",
                 cut_line(one.right, screen_columns - 5));
    }
  }
  if (json) fmt::print("{}\n", list.dump());
  if (found.size() >= marshal::most_differences)
    fmt::print(stderr, "{} differences are listed; there may be more\n", found.size());
  return found.empty();
}

bool diff_profiles(const MarshalFile& file, bool full, bool json) {
  std::vector<Made> groups;
  const std::vector<std::string> all = format_profiles("marshal");
  for (const std::string& name : all) {
    Made made = made_by(name, file.data());
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Made& group) {
      return group.accepted == made.accepted && group.text == made.text &&
             group.consumed == made.consumed;
    });
    if (same != groups.end()) {
      same->profiles.push_back(name);
    } else {
      groups.push_back(std::move(made));
    }
  }
  Json list = Json::array();
  for (const Made& group : groups) {
    if (json) {
      list.push_back(
          {{"profiles", group.profiles}, {group.accepted ? "value" : "error", group.text}});
      continue;
    }
    fmt::print("{}  {}\n", wrapped(selection_text(group.profiles, all), 0),
               full ? group.text : cut_line(group.text, screen_columns - 2));
    if (group.accepted) fmt::print("  {} bytes read\n", group.consumed);
  }
  if (json) fmt::print("{}\n", list.dump());
  return groups.size() == 1;
}

}  // namespace assay
