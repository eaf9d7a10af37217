#include "harness/command/fuzz_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/command/project.h"
#include "harness/runner/protocol.h"
#include "harness/verdict/judge.h"

namespace assay {
namespace {

using Kind = Comparison::Kind;

const ValueAnswer* value_of(const Observation& seen) {
  return seen.answer ? std::get_if<ValueAnswer>(&seen.answer->outcome) : nullptr;
}

const ErrorAnswer* error_of(const Observation& seen) {
  return seen.answer ? std::get_if<ErrorAnswer>(&seen.answer->outcome) : nullptr;
}

const DataAnswer* data_of(const Observation& seen) {
  return seen.answer ? std::get_if<DataAnswer>(&seen.answer->outcome) : nullptr;
}

bool answered(const Observation& seen) {
  return seen.status == Status::answered &&
         (value_of(seen) != nullptr || error_of(seen) != nullptr || data_of(seen) != nullptr);
}

// What an adapter answers that did not come so far as to ask.
bool is_protocol_error(const Observation& seen) {
  const ErrorAnswer* error = error_of(seen);
  return error != nullptr && error->name == "ProtocolError";
}

// The common case, without parsing anything.
bool identical(const Observation& a, const Observation& b) {
  if (is_protocol_error(a)) return false;
  if (a.status != Status::answered || b.status != Status::answered) return false;
  if (const ValueAnswer* value = value_of(a)) {
    const ValueAnswer* other = value_of(b);
    return other != nullptr && *value == *other;
  }
  if (const DataAnswer* data = data_of(a)) {
    const DataAnswer* other = data_of(b);
    return other != nullptr && *data == *other;
  }
  const ErrorAnswer* error = error_of(a);
  const ErrorAnswer* other = error_of(b);
  return error != nullptr && other != nullptr && error->name == other->name;
}

// A reason without what differs from stream to stream: numbers, also hexadecimal
// ones, and quotations.
std::string general(std::string_view text) {
  std::string out;
  char quote = '\0';
  bool hex = false;
  for (const char c : text.substr(0, 200)) {
    if (quote != '\0') {
      if (c == quote) quote = '\0', out += c;
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      out += c;
      out += "..";
    } else if ((c >= '0' && c <= '9') || (hex && std::isxdigit(static_cast<unsigned char>(c)))) {
      if (out.empty() || out.back() != '#') out += '#';
    } else {
      hex = c == 'x' && out.ends_with('#');
      out += c;
    }
  }
  return out;
}

std::string unsupported(const FuzzSide& side, const Observation& seen) {
  std::string why;
  if (seen.answer)
    if (const auto* answer = std::get_if<UnsupportedAnswer>(&seen.answer->outcome))
      why = general(answer->why);
  return fmt::format("{} does not support: {}", side.name, why);
}

// Why an oracle's exception says more of the machine than of the stream.
std::optional<std::string> of_the_machine(const generators::StreamFormat& format,
                                          const generators::Stream& stream, const FuzzSide& side,
                                          const Observation& seen) {
  const ErrorAnswer* error = error_of(seen);
  if (side.hello.implementation == "reference" || error == nullptr) return std::nullopt;
  if (error->name == "MemoryError")
    if (const auto why = format.needs_memory(stream.bytes))
      return fmt::format("MemoryError of {}: {}", side.name, *why);
  const bool recursion = error->message.find("recursion") != std::string::npos;
  if (error->name == "RecursionError" || (error->name == "RuntimeError" && recursion))
    return fmt::format("the recursion limit of {}", side.name);
  return std::nullopt;
}

// A cycle in fast mode ends at the recursion limit, and where in a lane's code that
// is met is the machine's: what save_global() cannot import is a PicklingError,
// whatever kept it from importing (Modules/_pickle.c), and until 3.9 a process that
// runs on past the limit is ended: "Cannot recover from stack overflow" (ceval.c,
// _Py_CheckRecursiveCall).
bool is_limit_met_elsewhere(const generators::Stream& stream, const Observation& subject,
                            const Observation& against) {
  const ErrorAnswer *one = error_of(subject), *other = error_of(against);
  const bool fast = std::any_of(stream.options.begin(), stream.options.end(),
                                [](const CaseOption& option) { return option.key == "fast"; });
  if (!fast || one == nullptr || one->name != "RecursionError") return false;
  if (other != nullptr) return other->name == "PicklingError";
  return against.status == Status::crash &&
         against.detail.find("Cannot recover from stack overflow") != std::string::npos;
}

std::string said(const Observation& seen) {
  if (seen.status != Status::answered && seen.status != Status::state_dependent)
    return std::string(name(seen.status));
  if (const ValueAnswer* value = value_of(seen)) {
    return value->consumed ? fmt::format("{} ({} bytes)", value->text, *value->consumed)
                           : value->text;
  }
  if (const DataAnswer* data = data_of(seen)) {
    std::string hex;
    append_hex(data->bytes, hex);
    return hex;
  }
  if (const ErrorAnswer* error = error_of(seen))
    return error->message.empty() ? "!" + error->name
                                  : fmt::format("!{}: {}", error->name, error->message);
  return "nothing";
}

std::string kind_of(const Observation& seen) {
  if (!answered(seen)) return std::string(name(seen.status));
  if (const ErrorAnswer* error = error_of(seen)) return "!" + error->name;
  return "accepts";
}

// What a value text is a form of, in words.
std::string form_of(std::string_view text) {
  if (text.empty()) return "nothing";
  switch (text[0]) {
    case '[':
      return "a list";
    case '(':
      return "a tuple";
    case '{':
      return "a dict or set";
    case '\'':
      return "a str";
    case '*':
    case '&':
      return "a shared value";
    default:
      break;
  }
  if (text.starts_with("b'")) return "bytes";
  if ((text[0] >= '0' && text[0] <= '9') || text[0] == '-') return "a number";
  return std::string(text.substr(0, text.find_first_of("( .")));
}

// Whether two pickles, … are read as one value.
bool same_value_written(const generators::StreamFormat& format, const generators::Stream& stream,
                        const DataAnswer& subject, const DataAnswer& against) {
  const FormatRules& rules = formats().at(std::string(format.name));
  return rules.match_written &&
         rules.match_written(against.bytes, subject.bytes, stream.protocol).kind ==
             WrittenMatch::Kind::same_value;
}

// Two writers of which at least one wrote. Writers are compared byte by byte.
void compare_written(const generators::StreamFormat& format, const DataAnswer* subject,
                     const DataAnswer* against, Comparison& result) {
  if (subject == nullptr || against == nullptr) {
    result.verdict =
        std::string(name(subject == nullptr ? Verdict::rejected_valid : Verdict::accepted_invalid));
    return;
  }
  result.verdict = std::string(name(Verdict::wrong_bytes));
  const auto [ours, theirs] = std::mismatch(subject->bytes.begin(), subject->bytes.end(),
                                            against->bytes.begin(), against->bytes.end());
  if (ours == subject->bytes.end() && theirs == against->bytes.end()) {
    result.where = "the buffers that went out of band";
    return;
  }
  const auto offset = static_cast<std::size_t>(ours - subject->bytes.begin());
  result.where = fmt::format("byte {}", offset);
  result.subject_kind = format.written_part(subject->bytes, offset);
  result.against_kind = format.written_part(against->bytes, offset);
}

}  // namespace

Comparison compare(const generators::StreamFormat& format, const FuzzPair& pair,
                   const generators::Stream& stream, const Observation& subject,
                   const Observation& against) {
  Comparison result;
  if (identical(subject, against)) return result;
  const auto set_aside = [&](std::string reason) {
    result.kind = Kind::set_aside;
    result.reason = std::move(reason);
    return result;
  };
  for (const auto& [side, seen] : {std::pair(&pair.subject, &subject), {&pair.against, &against}}) {
    if (seen->status == Status::unsupported) return set_aside(unsupported(*side, *seen));
    if (seen->status == Status::skipped) return set_aside("not asked: " + general(seen->detail));
  }
  for (const auto& [side, seen] : {std::pair(&pair.subject, &subject), {&pair.against, &against}})
    if (auto why = of_the_machine(format, stream, *side, *seen)) return set_aside(*std::move(why));

  if (is_limit_met_elsewhere(stream, subject, against))
    return set_aside("where the recursion limit is met in fast mode");

  result.subject_kind = kind_of(subject);
  result.against_kind = kind_of(against);
  if (is_protocol_error(subject) || is_protocol_error(against)) {
    result.verdict = std::string(name(Verdict::adapter_error));
  } else if (!answered(against)) {
    result.verdict = std::string(name(against.status));
  } else if (!answered(subject)) {
    result.verdict = std::string(name(subject.status));
  } else if (const DataAnswer* ours = data_of(subject), *theirs = data_of(against);
             ours != nullptr || theirs != nullptr) {
    if (ours != nullptr && theirs != nullptr) {
      const std::string& profile = pair.against.hello.profile;
      if (format.written_alike != nullptr &&
          format.written_alike(stream, profile, ours->bytes, theirs->bytes))
        return {};
      if (auto why = format.may_differ(stream, profile, ours->bytes, theirs->bytes))
        return set_aside(*std::move(why));
      if (pair.subject.hello.profile.empty() && same_value_written(format, stream, *ours, *theirs))
        return set_aside("other bytes of the same value, by who imitates no profile");
    }
    compare_written(format, ours, theirs, result);
  } else {
    if (format.refusals_may_differ != nullptr && error_of(subject) != nullptr &&
        error_of(against) != nullptr)
      if (auto why = format.refusals_may_differ(stream, pair.against.hello.profile))
        return set_aside(*std::move(why));
    Allowed allowed;
    if (const ValueAnswer* value = value_of(against)) {
      allowed.outcome.value = value->text;
      allowed.outcome.consumed = value->consumed;
    } else {
      allowed.outcome.error = error_of(against)->name;
    }
    const Claim other = claim_of(&pair.against.hello);
    allowed.blind = other.blind;
    if (other.no_identity) allowed.blind.push_back("identity=none");
    Claim claim = claim_of(&pair.subject.hello);
    claim.python_errors = claim.python_errors && other.python_errors;
    const Judgement judgement = judge({Level::must, {std::move(allowed)}, {}}, subject, claim);
    if (standing(judgement.verdict) != Standing::differs) return result;
    result.verdict = std::string(name(judgement.verdict));
    if (judgement.verdict == Verdict::wrong_value) {
      result.where = judgement.path;
      result.subject_kind = form_of(judgement.got_at);
      result.against_kind = form_of(judgement.expected_at);
    }
  }
  result.kind = Kind::differs;
  result.subject = said(subject);
  result.against = said(against);
  return result;
}

}  // namespace assay
