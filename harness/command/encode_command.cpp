// assay encode: value text to the bytes that a CPython would write.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "harness/command/marshal_file.h"
#include "harness/command/pickle_file.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "harness/runner/protocol.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/sharing.h"
#include "reference/marshal/writer.h"
#include "reference/pickle/pickler.h"
#include "reference/value/text.h"

namespace assay {
namespace {

struct EncodeCommand {
  std::string file = "-", out, format = "pickle", profile;
  int protocol = 4;
  bool hex = false;
  pickle::PickleOptions pickle;
  bool no_fix_imports = false;
  std::vector<std::string> extensions, buffers;
};

// CODE=MODULE:NAME
pickle::Extension extension_of(const std::string& text) {
  const std::size_t equals = text.find('='), colon = text.find(':');
  pickle::Extension extension;
  const char* const end = text.data() + std::min(equals, text.size());
  const auto [rest, error] = std::from_chars(text.data(), end, extension.code);
  if (error != std::errc() || rest != end || colon == std::string::npos || colon < equals)
    throw UsageError(
        fmt::format("--extension {}: it is CODE=MODULE:NAME, as in 240=m:Class", text));
  extension.module = text.substr(equals + 1, colon - equals - 1);
  extension.name = text.substr(colon + 1);
  return extension;
}

[[noreturn]] void refuse(const EncodeCommand& command, const std::string& what) {
  throw UsageError(fmt::format("{}: {}", shown_name(command.file), what));
}

std::string pickled(EncodeCommand& command, const Graph& graph, NodeId root) {
  const pickle::Profile profile = parse_profile_option(command.profile);
  pickle::PickleOptions& options = command.pickle;
  options.protocol = command.protocol;
  options.fix_imports = !command.no_fix_imports;
  for (const std::string& text : command.extensions)
    options.extensions.push_back(extension_of(text));
  std::vector<std::string> data;
  for (const std::string& text : command.buffers) {
    const bool writable = text.starts_with("w:");
    const auto bytes = parse_hex(std::string_view(text).substr(writable ? 2 : 0));
    if (!bytes) throw UsageError(fmt::format("--buffer {}: it is HEX or w:HEX", text));
    data.push_back(*bytes);
  }
  for (std::size_t i = 0; i < data.size(); ++i)
    options.buffers.push_back({as_bytes(data[i]), command.buffers[i].starts_with("w:")});
  const pickle::Pickled result = pickle::pickle(graph, root, profile, options);
  if (result.status == pickle::Status::rejected)
    refuse(command,
           fmt::format("{} refuses it: {}: {}", profile.name(), result.error, result.message));
  if (!result.accepted()) refuse(command, result.message);
  for (std::size_t i = 0; i < result.buffers.size(); ++i)
    fmt::print(stderr, "out of band: buffer({}){}\n", result.buffers[i],
               result.buffer_readonly[i] ? ", read-only" : "");
  return std::string(as_text(result.bytes()));
}

std::string marshalled(const EncodeCommand& command, Graph& graph, NodeId root) {
  const marshal::Profile profile = parse_marshal_profile(command.profile);
  marshal::share_objects(graph, profile);
  const marshal::Written written = marshal::write(graph, root, command.protocol, profile);
  if (!written.accepted)
    refuse(command, written.error.empty() ? written.message
                                          : fmt::format("{} refuses it: {}: {}", profile.name(),
                                                        written.error, written.message));
  return written.data;
}

void encode(EncodeCommand& command) {
  const std::string text = read_input_file(command.file);
  Graph graph;
  NodeId root = Graph::none;
  try {
    root = parse(graph, std::string_view(text).substr(0, text.find_last_not_of(" \n") + 1));
  } catch (const DecodeError& error) {
    refuse(command, error.what());
  }
  const std::string bytes = command.format == "marshal" ? marshalled(command, graph, root)
                                                        : pickled(command, graph, root);
  if (!command.out.empty()) {
    std::ofstream out(command.out, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw UsageError(command.out + ": cannot be written");
  } else if (command.hex || is_terminal(STDOUT_FILENO)) {
    fmt::print("{}\n", to_hex(bytes));
  } else {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  }
}

}  // namespace

void add_encode(CLI::App& app, Context&) {
  auto options = std::make_shared<EncodeCommand>();
  CLI::App* command =
      app.add_subcommand("encode", "Write value text as a CPython would: its bytes");
  command->add_option("file", options->file, "A file of value text, or - for standard input")
      ->capture_default_str();
  command->add_option("--format", options->format, "pickle or marshal")
      ->check(CLI::IsMember({"pickle", "marshal"}))
      ->capture_default_str();
  command
      ->add_option("--protocol", options->protocol, "Pickle's protocol, or the version of marshal")
      ->capture_default_str();
  command->add_option("--as", options->profile,
                      "The profile to write as (default: cpython-3.13-c)");
  command->add_flag("--optimize", options->pickle.optimize, "Through pickletools.optimize");
  command->add_flag("--fast", options->pickle.fast, "Pickler.fast: without a memo");
  command->add_flag("--no-fix-imports", options->no_fix_imports,
                    "Protocols 0 to 2: not the names of Python 2");
  command->add_option("--extension", options->extensions, "A code of copyreg: CODE=MODULE:NAME")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command
      ->add_option("--buffer", options->buffers,
                   "What buffer(0), buffer(1), ... hold: hex, w: in front if writable")
      ->type_name("HEX")
      ->allow_extra_args(false);
  command->add_flag("--out-of-band", options->pickle.out_of_band,
                    "Protocol 5: a buffer_callback takes the buffers");
  command->add_option("-o,--out", options->out, "Write the bytes to this file");
  command->add_flag("--hex", options->hex, "Print hex (as is done on a terminal)");
  command->callback([options] { encode(*options); });
}

}  // namespace assay
