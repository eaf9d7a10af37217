#include "reference/adapter/marshal_answers.h"

#include <fmt/format.h>

#include <cstdint>

#include "reference/adapter/answers.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/sharing.h"
#include "reference/marshal/writer.h"
#include "reference/value/text.h"

namespace assay::adapter {
namespace {

// Whether "3.8 3.9" names the version.
bool is_named(marshal::Version version, std::string_view pythons) {
  const std::string name = fmt::format("{}.{}", version.major, version.minor);
  return fmt::format(" {} ", pythons).find(" " + name + " ") != std::string::npos;
}

// Sets allow_code; false if the request was answered, for another option or
// because the data are another Python's.
bool take_options(const Request& request, const marshal::Profile& profile, bool& allow_code,
                  std::string& out) {
  for (const Option& option : request.options) {
    const auto* pythons = std::get_if<std::string_view>(&option.value);
    if (option.key == "python" && pythons != nullptr) {
      if (is_named(profile.version(), *pythons)) continue;
      answer_text(out, request.id, "unsupported", fmt::format("code of Python {}", *pythons));
      return false;
    }
    const auto* flag = std::get_if<bool>(&option.value);
    const bool known = option.key == "allow_code" && flag != nullptr;
    if (!known || !profile.has(marshal::Quirk::allow_code)) {
      answer_text(out, request.id, "unsupported", fmt::format("option '{}'", option.key));
      return false;
    }
    allow_code = *flag;
  }
  return true;
}

// Answers what was not accepted.
void refuse(const Request& request, marshal::Status status, std::string_view error,
            const std::string& message, std::string& out) {
  switch (status) {
    case marshal::Status::rejected:
      return answer_error(out, request.id, error, message);
    case marshal::Status::crashes:
      return answer_text(out, request.id, "unsupported", "this CPython crashes: " + message);
    case marshal::Status::unsupported:
    case marshal::Status::limit:
      return answer_text(out, request.id, "unsupported", message);
    case marshal::Status::accepted:
    case marshal::Status::internal:
      return answer_error(out, request.id, "InternalError", message);
  }
}

void decode(const Request& request, const marshal::Profile& profile, std::string& input,
            std::string& out) {
  marshal::ReadOptions options;
  if (!take_options(request, profile, options.allow_code, out)) return;
  input.resize(request.data.size() / 2);
  if (!decode_hex(request.data, reinterpret_cast<std::uint8_t*>(input.data())))
    return answer_error(out, request.id, "ProtocolError", "bytes that are no hex");
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, as_bytes(input), profile, options);
  if (outcome.accepted)
    return answer_value(out, request.id, print(graph, outcome.value), outcome.consumed);
  refuse(request, outcome.status, outcome.error, outcome.message, out);
}

void encode(const Request& request, const marshal::Profile& profile, std::string& out) {
  marshal::WriteOptions options;
  if (!take_options(request, profile, options.allow_code, out)) return;
  if (!request.protocol || *request.protocol < INT32_MIN || *request.protocol > INT32_MAX)
    return answer_error(out, request.id, "ProtocolError", "no version");
  Graph graph;
  NodeId root = no_node;
  try {
    root = parse(graph, request.value);
  } catch (const DecodeError& error) {
    return answer_error(out, request.id, "ProtocolError", error.what());
  }
  marshal::share_objects(graph, profile);
  const marshal::Written written =
      marshal::write(graph, root, static_cast<int>(*request.protocol), profile, options);
  if (written.accepted) return answer_text(out, request.id, "data", to_hex(written.data));
  refuse(request, written.status, written.error, written.message, out);
}

}  // namespace

std::optional<marshal::Profile> marshal_profile(std::string_view name) {
  return name.find("-py") == std::string_view::npos ? marshal::Profile::parse(name) : std::nullopt;
}

void answer_marshal(const Request& request, const marshal::Profile& profile, std::string& input,
                    std::string& out) {
  if (request.op == "decode") return decode(request, profile, input, out);
  if (request.op == "encode") return encode(request, profile, out);
  answer_text(out, request.id, "unsupported", fmt::format("{} marshal", request.op));
}

}  // namespace assay::adapter
