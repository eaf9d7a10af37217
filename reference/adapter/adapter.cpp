#include "reference/adapter/adapter.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "reference/adapter/answers.h"
#include "reference/adapter/dbm_answers.h"
#include "reference/adapter/dbm_scripts.h"
#include "reference/adapter/shelve_answers.h"
#include "reference/adapter/sqlite_answers.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/pickle/pickler.h"
#include "reference/value/text.h"

namespace assay::adapter {
namespace {

// How the harness may send ahead: answers come in microseconds.
constexpr int window = 256;

// Gives what is wrong with an option, or nothing.
std::optional<std::string> take_option(const Option& option, DecodeOptions& to) {
  const auto* text = std::get_if<std::string_view>(&option.value);
  const auto* number = std::get_if<std::int64_t>(&option.value);
  const auto* flag = std::get_if<bool>(&option.value);
  if (option.key == "encoding" && text != nullptr) {
    to.unpickle.encoding = *text;
  } else if (option.key == "errors" && text != nullptr) {
    to.unpickle.errors = *text;
  } else if (option.key == "fix_imports" && flag != nullptr) {
    to.unpickle.fix_imports = *flag;
  } else if (option.key == "persistent" && text != nullptr && *text == "none") {
    to.unpickle.persistent = false;
  } else if (option.key == "extensions" && text != nullptr &&
             parse_extensions(*text, to.unpickle.extensions)) {
    return std::nullopt;
  } else if (option.key == "symbolic" && flag != nullptr) {
    to.unpickle.symbolic = *flag;
  } else if (option.key == "loads" && number != nullptr && *number >= 1) {
    to.loads = *number;
  } else if (option.key == "fresh" && flag != nullptr) {
    to.fresh = *flag;
  } else {
    return fmt::format("option '{}'", option.key);
  }
  return std::nullopt;
}

// The buffers that went out of band, as a request spells them.
void append_buffers(std::string& out, const pickle::Pickled& pickled,
                    const std::vector<SuppliedBuffer>& buffers) {
  out += ",\"buffers\":[";
  for (std::size_t i = 0; i < pickled.buffers.size(); ++i) {
    if (i > 0) out += ',';
    out += pickled.buffer_readonly[i] ? "\"" : "\"w:";
    out += to_hex(buffers[pickled.buffers[i]].data);
    out += '"';
  }
  out += ']';
}

std::optional<std::string> take_option(const Option& option, pickle::PickleOptions& to) {
  const auto* text = std::get_if<std::string_view>(&option.value);
  const auto* flag = std::get_if<bool>(&option.value);
  if (option.key == "fix_imports" && flag != nullptr) {
    to.fix_imports = *flag;
  } else if (option.key == "fast" && flag != nullptr) {
    to.fast = *flag;
  } else if (option.key == "optimize" && flag != nullptr) {
    to.optimize = *flag;
  } else if (option.key == "buffer_callback" && text != nullptr && *text == "oob") {
    to.out_of_band = true;
  } else if (option.key == "extensions" && text != nullptr &&
             parse_extensions(*text, to.extensions)) {
    return std::nullopt;
  } else if (option.key != "persistent" || text == nullptr || *text != "ids") {
    return fmt::format("option '{}'", option.key);
  }
  return std::nullopt;
}

// As many loads as the options want, until one is not accepted: the last outcome.
// `values` gets the values where there is more than one.
pickle::Outcome load(Graph& graph, Bytes input, const pickle::Profile& profile,
                     DecodeOptions& options, std::vector<NodeId>& values) {
  pickle::Unpickler unpickler(graph, input, profile, std::move(options.unpickle));
  pickle::Outcome outcome;
  for (std::int64_t i = 0; i < options.loads; ++i) {
    if (i > 0 && options.fresh) unpickler.renew();
    outcome = unpickler.load();
    if (outcome.status != pickle::Status::accepted) break;
    if (options.loads > 1) values.push_back(outcome.value);
  }
  return outcome;
}

}  // namespace

bool parse_extensions(std::string_view text, std::vector<pickle::Extension>& out) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, comma);
    const std::size_t equals = one.find('='), colon = one.find(':');
    if (equals == std::string_view::npos || colon == std::string_view::npos || colon < equals)
      return false;
    pickle::Extension& extension = out.emplace_back();
    const auto [end, error] = std::from_chars(one.data(), one.data() + equals, extension.code);
    if (error != std::errc() || end != one.data() + equals) return false;
    extension.module = one.substr(equals + 1, colon - equals - 1);
    extension.name = one.substr(colon + 1);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

bool Adapter::answer(std::string_view line, std::string& out) {
  if (!request_.parse(line)) {
    answer_error(out, request_.id, "ProtocolError", request_.fault);
  } else if (request_.op == "decode" && request_.format == "pickle") {
    decode(out);
  } else if (request_.op == "inspect" && request_.format == "pickle") {
    inspect(out);
  } else if (request_.op == "encode" && request_.format == "pickle") {
    encode(out);
  } else if (request_.format == "marshal" && marshal_profile_) {
    answer_marshal(request_, *marshal_profile_, input_, out);
  } else if (request_.op == "read" && request_.format == "sqlite" && dbm_python()) {
    answer_sqlite_read(request_, out);
  } else if (request_.op == "iterdump" && request_.format == "sqlite" && dbm_python()) {
    answer_iterdump(request_, {profile_.version().major, profile_.version().minor}, out);
  } else if (request_.op == "read" && request_.format == "shelve" && dbm_python()) {
    answer_shelve_read(request_, profile_, out);
  } else if (request_.op == "read" && dbm_python()) {
    answer_dbm_read(request_, *dbm_python(), out);
  } else if (request_.op == "write" && dbm_python()) {
    answer_dbm_write(request_, *dbm_python(), out);
  } else if (request_.op == "identify" && request_.format == "dbm" && dbm_python()) {
    answer_whichdb(request_, *dbm_python(), out);
  } else if (request_.op == "hello") {
    hello(out);
  } else if (request_.op == "bye") {
    return false;
  } else {
    answer_text(out, request_.id, "unsupported",
                fmt::format("{} {}", request_.op, request_.format));
  }
  return true;
}

std::optional<dbm::Python> Adapter::dbm_python() const {
  if (profile_.pure_python()) return std::nullopt;
  return dbm::Python{profile_.version().major, profile_.version().minor};
}

void Adapter::hello(std::string& out) const {
  const pickle::Version version = profile_.version();
  std::string formats = fmt::format(R"("pickle:decode:0-5","pickle:encode:0-{}","pickle:inspect")",
                                    profile_.highest_protocol());
  if (marshal_profile_)
    formats += fmt::format(R"(,"marshal:decode:0-{}","marshal:encode:0-6")",
                           marshal_profile_->highest_version());
  if (dbm_python()) formats += std::string(dbm_features) + sqlite_features;
  out += fmt::format(
      "{{\"implementation\":\"reference\",\"version\":\"{}\",\"lane\":\"{}\",\"language\":\"C++\","
      "\"window\":{},\"formats\":[{}],\"identity\":\"all\",\"lossy\":[],"
      "\"profile\":\"{}\",\"word\":{},\"errors\":\"python\"}}\n",
      fmt::format("{}.{}.{}", version.major, version.minor, version.patch),
      profile_.pure_python() ? "py" : "c", window, formats, profile_.name(), profile_.word());
}

// Reads the hex of the request's buffers; false if it is none.
bool Adapter::read_buffers(std::vector<SuppliedBuffer>& buffers) {
  std::size_t room = 0;
  for (const std::string_view buffer : request_.buffers) room += buffer.size();
  buffer_bytes_.resize(room);
  auto* at = reinterpret_cast<std::uint8_t*>(buffer_bytes_.data());
  for (std::string_view buffer : request_.buffers) {
    const bool writable = buffer.starts_with("w:");
    if (writable) buffer.remove_prefix(2);
    if (!decode_hex(buffer, at)) return false;
    buffers.push_back({{at, buffer.size() / 2}, writable});
    at += buffer.size() / 2;
  }
  return true;
}

bool Adapter::take_input(DecodeOptions& options, std::string& out) {
  for (const Option& option : request_.options)
    if (const auto wrong = take_option(option, options)) {
      answer_text(out, request_.id, "unsupported", *wrong);
      return false;
    }
  input_.resize(request_.data.size() / 2);
  if (decode_hex(request_.data, reinterpret_cast<std::uint8_t*>(input_.data())) &&
      read_buffers(options.unpickle.buffers))
    return true;
  answer_error(out, request_.id, "ProtocolError", "bytes that are no hex");
  return false;
}

void Adapter::decode(std::string& out) {
  DecodeOptions options;
  if (!take_input(options, out)) return;
  Graph graph;
  std::vector<NodeId> values;
  const pickle::Outcome outcome = load(graph, as_bytes(input_), profile_, options, values);
  switch (outcome.status) {
    case pickle::Status::accepted: {
      const NodeId root = options.loads > 1 ? graph.tuple(values) : outcome.value;
      return answer_value(out, request_.id, print(graph, root), outcome.consumed);
    }
    case pickle::Status::rejected:
      return answer_error(out, request_.id, outcome.error, outcome.message);
    case pickle::Status::unsupported:
      return answer_text(out, request_.id, "unsupported", outcome.message);
    case pickle::Status::limit:
      return answer_text(out, request_.id, "unsupported", "limit: " + outcome.message);
    case pickle::Status::internal:
      return answer_error(out, request_.id, "InternalError", outcome.message);
  }
}

// The globals that are looked up until loading ends, well or not.
void Adapter::inspect(std::string& out) {
  DecodeOptions options;
  if (!take_input(options, out)) return;
  Graph graph;
  std::vector<NodeId> values;
  std::vector<pickle::LookedUp> looked_up;
  options.unpickle.looked_up = &looked_up;
  const pickle::Outcome outcome = load(graph, as_bytes(input_), profile_, options, values);
  if (outcome.status == pickle::Status::unsupported || outcome.status == pickle::Status::limit)
    return answer_text(out, request_.id, "unsupported", outcome.message);
  if (outcome.status == pickle::Status::internal)
    return answer_error(out, request_.id, "InternalError", outcome.message);
  std::vector<NodeId> globals;
  for (const auto& [module, name] : looked_up) globals.push_back(graph.global(module, name));
  answer_text(out, request_.id, "value", print(graph, graph.list(globals)));
}

void Adapter::encode(std::string& out) {
  pickle::PickleOptions options;
  for (const Option& option : request_.options) {
    if (const auto wrong = take_option(option, options))
      return answer_text(out, request_.id, "unsupported", *wrong);
    if (option.key == "fix_imports" && profile_.python2())
      return answer_text(out, request_.id, "unsupported", "Python 2 has no option fix_imports");
  }
  if (!request_.protocol || *request_.protocol < 0 || *request_.protocol > 255)
    return answer_error(out, request_.id, "ProtocolError", "no protocol");
  options.protocol = static_cast<int>(*request_.protocol);
  if (!read_buffers(options.buffers))
    return answer_error(out, request_.id, "ProtocolError", "bytes that are no hex");
  Graph graph;
  NodeId root;
  try {
    root = parse(graph, request_.value);
  } catch (const DecodeError& error) {
    return answer_error(out, request_.id, "ProtocolError", error.what());
  }
  const pickle::Pickled pickled = pickle::pickle(graph, root, profile_, options);
  switch (pickled.status) {
    case pickle::Status::accepted:
      begin_answer(out, request_.id);
      out += ",\"data\":\"";
      out += to_hex(pickled.bytes());
      out += '"';
      if (options.out_of_band) append_buffers(out, pickled, options.buffers);
      out += "}\n";
      return;
    case pickle::Status::rejected:
      return answer_error(out, request_.id, pickled.error, pickled.message);
    case pickle::Status::unsupported:
      return answer_text(out, request_.id, "unsupported", pickled.message);
    case pickle::Status::limit:
      return answer_text(out, request_.id, "unsupported", "limit: " + pickled.message);
    case pickle::Status::internal:
      return answer_error(out, request_.id, "InternalError", pickled.message);
  }
}

}  // namespace assay::adapter
