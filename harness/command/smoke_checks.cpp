#include "harness/command/smoke_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/command/smoke_conversation.h"
#include "harness/command/smoke_values.h"
#include "harness/runner/hello_words.h"
#include "harness/runner/session.h"
#include "harness/verdict/judge.h"
#include "harness/verdict/value_match.h"
#include "reports/excerpt.h"

namespace assay {
namespace {

using Kind = Finding::Kind;
constexpr double answer_seconds = 60;  // of one answer, on a busy machine
constexpr double leave_seconds = 10;
constexpr std::size_t huge_bytes = std::size_t{1} << 20;
constexpr std::size_t shown = 160;  // of a line, in messages

std::string excerpt(std::string_view line) {
  return "'" + one_line(std::string(line), shown) + "'";
}

class Smoke {
 public:
  Smoke(const Candidate& candidate, const std::function<void(const Finding&)>& found)
      : candidate_(candidate), found_(found), adapter_(candidate.implementation) {}

  void run() {
    if (!greet()) return;
    unknown_things();
    broken_requests();
    spellings();
    if (decodes()) {
      no_data();
      values();
      names();
      same_again();
      huge_line();
    }
    window();
    bye();
    end_of_input();
  }

 private:
  void tell(Kind kind, std::string check, std::string what = "", std::string advice = "") {
    found_({kind, std::move(check), std::move(what), std::move(advice)});
  }
  void right(const char* check) { tell(Kind::right, check); }

  bool decodes(int version = -1) const {
    if (version >= 0) return claims(hello_.formats, "pickle", "decode", version);
    for (version = 0; version <= 5; ++version)
      if (decodes(version)) return true;
    return false;
  }

  bool greet() {
    if (const auto why = adapter_.start()) {
      tell(Kind::wrong, "start", *why, "Is the command right, and is the file executable?");
      return false;
    }
    const auto line = adapter_.ask(R"({"op":"hello","protocol":1})", candidate_.start_seconds);
    if (!line) {
      tell(Kind::wrong, "hello", adapter_.silence(),
           "Answer each request with one line at once, and flush. A slow start may have "
           "start_seconds in adapter.toml.");
      return false;
    }
    const auto parsed = parse_hello(*line);
    if (const auto* fault = std::get_if<ProtocolFault>(&parsed)) {
      tell(Kind::wrong, "hello", fault->detail,
           "The first line on stdout is the answer to hello, one flat JSON object.");
      return false;
    }
    hello_ = std::get<Hello>(parsed);
    right("hello");
    if (hello_.formats.empty())
      tell(Kind::remark, "formats", "hello names no formats",
           "Without \"formats\":[\"pickle:decode:0-4\"] everything counts as claimed.");
    return true;
  }

  // A process that is gone is started again, so that the other checks can be made.
  bool ready() {
    if (adapter_.running()) return true;
    adapter_.kill();
    if (adapter_.start()) return false;
    return adapter_.ask(R"({"op":"hello","protocol":1})", candidate_.start_seconds).has_value();
  }

  // The answer to a line whose id is `id`; nothing, and a finding, if it is none.
  std::optional<Answer> ask(const std::string& check, const std::string& line,
                            const std::string& id, const std::string& advice) {
    if (!ready()) return std::nullopt;
    const auto got = adapter_.ask(line, answer_seconds);
    if (!got) {
      tell(Kind::wrong, check, "asked " + excerpt(line) + ": " + adapter_.silence(), advice);
      adapter_.kill();
      return std::nullopt;
    }
    const auto parsed = parse_answer(*got);
    if (const auto* fault = std::get_if<ProtocolFault>(&parsed)) {
      tell(Kind::wrong, check, fault->detail, advice);
      resynchronize();
      return std::nullopt;
    }
    const Answer& answer = std::get<Answer>(parsed);
    if (answer.id == id) return answer;
    tell(Kind::wrong, check, fmt::format("asked with id '{}', answered {}", id, excerpt(*got)),
         "Give back the id of the request as it is: a text, whatever is in it.");
    resynchronize();
    return std::nullopt;
  }

  // After a line too many nobody knows which answer is whose.
  void resynchronize() { adapter_.kill(); }

  static std::string decode_line(const std::string& pickle, const std::string& id) {
    Request request;
    request.id = id;
    request.format = "pickle";
    request.data = pickle;
    return request_line(request);
  }

  void unsupported(const char* check, const std::string& line, const std::string& advice) {
    const auto answer = ask(check, line, "u.1", advice);
    if (!answer) return;
    if (std::holds_alternative<UnsupportedAnswer>(answer->outcome)) return right(check);
    tell(Kind::wrong, check, "asked " + excerpt(line) + ", and it did not say \"unsupported\"",
         advice);
  }

  void unknown_things() {
    unsupported("unknown-operation", R"({"op":"frobnicate","id":"u.1","format":"pickle"})",
                "Answer {\"unsupported\":\"why\"} to an operation that you do not know.");
    unsupported("unknown-format", R"({"op":"decode","id":"u.1","format":"parquet","data":""})",
                "Answer {\"unsupported\":\"why\"} to a format that you do not know.");
    if (decodes())
      unsupported(
          "unknown-option",
          R"({"op":"decode","id":"u.1","format":"pickle","data":"4e2e","options":{"smoke":true}})",
          "Answer {\"unsupported\":\"why\"} to an option that you do not know: without it the case "
          "is another.");
  }

  // Nobody's requests are broken, but an adapter that survives them tells its own
  // mistakes from the implementation's.
  void broken_requests() {
    const std::string advice =
        "Answer {\"error\":\"ProtocolError\",\"message\":\"...\"} to a line that is no request, "
        "and go "
        "on.";
    if (!ready()) return;
    const auto line = adapter_.ask(R"({"op":"decode","id":)", answer_seconds);
    const auto json = line ? nlohmann::json::parse(*line, nullptr, false) : nlohmann::json();
    if (line && json.is_object() && json.value("error", "") == "ProtocolError") {
      right("broken-json");
    } else {
      tell(Kind::wrong, "broken-json", line ? "answered " + excerpt(*line) : adapter_.silence(),
           advice);
      resynchronize();
    }
    if (!decodes()) return;
    for (const char* data : {"8g", "4e2"}) {
      const auto answer =
          ask("broken-hex",
              fmt::format(R"({{"op":"decode","id":"h.1","format":"pickle","data":"{}"}})", data),
              "h.1", advice);
      if (!answer) return;
      const auto* error = std::get_if<ErrorAnswer>(&answer->outcome);
      if (error == nullptr || error->name != "ProtocolError")
        return tell(Kind::wrong, "broken-hex",
                    fmt::format("data \"{}\" is no hex, and it did not say ProtocolError", data),
                    advice);
    }
    right("broken-hex");
  }

  // JSON as somebody else's library may write it.
  void spellings() {
    const std::string advice =
        "A request is any JSON object: blanks, escapes and the order of keys are free, and "
        "keys that you do not know may stand in it.";
    const std::string line = R"({ "id" : "\u0061.\"\\/9" , "more":["]"],)"
                             R"("op":"frob\u006eicate", "format": "pickle" })";
    if (const auto answer = ask("json", line, "a.\"\\/9", advice)) right("json");
  }

  void no_data() {
    const auto answer = ask("no-data", decode_line("", "n.1"), "n.1",
                            "Empty input is an input: ask the implementation, it will refuse it.");
    if (!answer) return;
    const auto* error = std::get_if<ErrorAnswer>(&answer->outcome);
    if (error != nullptr && error->name != "ProtocolError") return right("no-data");
    tell(Kind::wrong, "no-data",
         "nothing was to be read, and it was no error of the implementation",
         "Nothing may be left over from the case before.");
  }

  void values() {
    Claim claim = claim_of(&hello_);
    if (claim.no_identity) claim.blind.push_back("identity=none");
    for (const SmokeValue& value : smoke_values()) {
      if (!decodes(value.protocol)) {
        tell(Kind::unchecked, value.check,
             fmt::format("protocol {} is not claimed", value.protocol));
        continue;
      }
      if (const auto answer =
              ask(value.check, decode_line(value.pickle, "v.1"), "v.1", value.advice))
        look_at(value, answer->outcome, claim.blind);
    }
  }

  void look_at(const SmokeValue& expected, const AnswerOutcome& outcome, const Blindness& blind) {
    if (const auto* error = std::get_if<ErrorAnswer>(&outcome)) {
      if (error->name == "ProtocolError")
        return tell(Kind::wrong, expected.check,
                    "ProtocolError: " + one_line(error->message, shown),
                    "This is for requests that are broken and for mistakes of the adapter.");
      return tell(Kind::unchecked, expected.check,
                  fmt::format("refused: {} {}", error->name, one_line(error->message, shown)));
    }
    if (const auto* why = std::get_if<UnsupportedAnswer>(&outcome))
      return tell(Kind::unchecked, expected.check, "unsupported: " + one_line(why->why, shown));
    const auto* value = std::get_if<ValueAnswer>(&outcome);
    if (value == nullptr)
      return tell(Kind::wrong, expected.check, "data is no answer to decode", expected.advice);
    if (value->consumed && *value->consumed != expected.pickle.size())
      tell(Kind::differs, expected.check,
           fmt::format("consumed {} of {} bytes", *value->consumed, expected.pickle.size()),
           "consumed is the number of bytes read when the value was complete; leave it out if you "
           "cannot know.");
    const MatchResult result = match_values(expected.value, value->text, {}, blind);
    if (result.match == Match::malformed)
      return tell(Kind::wrong, expected.check, "no value text: " + result.path, expected.advice);
    if (result.match == Match::different)
      return tell(
          Kind::differs, expected.check,
          fmt::format("{}: expected {}, got {}", result.path.empty() ? "value" : result.path,
                      excerpt(result.expected_at), excerpt(result.got_at)),
          expected.advice);
    right(expected.check.c_str());
  }

  // Nothing that data name may run: a name that nobody has must come back as one.
  void names() {
    const auto answer = ask("names", decode_line("csmoke.nowhere\nnothing\n.", "g.1"), "g.1",
                            "A name is global('module', 'name'), never looked up.");
    if (!answer) return;
    const auto* value = std::get_if<ValueAnswer>(&answer->outcome);
    if (value == nullptr) return tell(Kind::unchecked, "names", "refused");
    if (same_value(value->text, "global('smoke.nowhere', 'nothing')")) return right("names");
    tell(Kind::differs, "names", "answered " + excerpt(value->text),
         "A name is global('module', 'name'), never looked up.");
  }

  void same_again() {
    const std::string line = decode_line(std::string("]q\1(K") + "\7e.", "s.1");
    std::optional<Answer> last;
    for (int i = 0; i < 3; ++i) {
      const auto answer = ask("same-again", line, "s.1", "Nothing may be left over.");
      if (!answer) return;
      if (last && *last != *answer)
        return tell(Kind::wrong, "same-again", "the same request has two answers",
                    "Begin each case anew: memo, labels, buffers.");
      last = answer;
    }
    right("same-again");
  }

  void huge_line() {
    std::string pickle = "X";
    for (int shift = 0; shift < 32; shift += 8)
      pickle += static_cast<char>(huge_bytes >> shift & 0xff);
    pickle += std::string(huge_bytes, 'x') + ".";
    const auto answer = ask("huge-line", decode_line(pickle, "l.1"), "l.1",
                            "Lines have no limit: read until the newline, however far it is.");
    if (!answer) return;
    const auto* value = std::get_if<ValueAnswer>(&answer->outcome);
    if (value == nullptr) return tell(Kind::unchecked, "huge-line", "refused");
    if (same_value(value->text, "'" + std::string(huge_bytes, 'x') + "'"))
      return right("huge-line");
    tell(Kind::differs, "huge-line", fmt::format("a text of {} characters is another", huge_bytes),
         "Lines have no limit: read until the newline, however far it is.");
  }

  void window() {
    const std::string advice =
        "Answer each request once, with its id; \"window\" in hello is how many may wait.";
    if (!ready()) return;
    std::set<std::string> open;
    const unsigned count = std::max(hello_.window, 1U);
    for (unsigned i = 0; i < count; ++i) {
      const std::string id = fmt::format("w.{}", i);
      open.insert(id);
      adapter_.send(decode_line("N.", id));
    }
    while (!open.empty()) {
      const auto line = adapter_.read(answer_seconds);
      if (!line)
        return tell(Kind::wrong, "window",
                    fmt::format("{} of {} requests sent at once are not answered: {}", open.size(),
                                count, adapter_.silence()),
                    advice);
      const auto parsed = parse_answer(*line);
      const auto* answer = std::get_if<Answer>(&parsed);
      if (answer == nullptr || open.erase(answer->id) == 0)
        return tell(Kind::wrong, "window", "answered " + excerpt(*line), advice);
    }
    if (const auto more = adapter_.read(0.1))
      return tell(Kind::wrong, "window", "one line too many: " + excerpt(*more), advice);
    right("window");
  }

  void left(const char* check, const std::string& advice) {
    const auto status = adapter_.leave(leave_seconds);
    if (!status) {
      tell(Kind::wrong, check, fmt::format("still there after {} s", leave_seconds), advice);
    } else if (status->signalled || status->code != 0) {
      tell(Kind::wrong, check, describe(*status) + stderr_tail(adapter_.errors()), advice);
    } else {
      right(check);
    }
    adapter_.kill();
  }

  void bye() {
    if (!ready()) return;
    adapter_.send(R"({"op":"bye"})");
    if (const auto line = adapter_.read(0.1))
      tell(Kind::wrong, "bye", "answered " + excerpt(*line), "bye has no answer.");
    if (!adapter_.errors().empty())
      tell(Kind::remark, "stderr", excerpt(adapter_.errors()),
           "What is written to stderr is kept and shown when a case fails, never judged.");
    left("bye", "Exit with status 0 after {\"op\":\"bye\"}.");
  }

  void end_of_input() {
    if (!ready()) return;
    left("end-of-input", "Exit with status 0 when stdin ends.");
  }

  const Candidate& candidate_;
  const std::function<void(const Finding&)>& found_;
  Conversation adapter_;
  Hello hello_;
};

}  // namespace

void smoke(const Candidate& candidate, const std::function<void(const Finding&)>& found) {
  Smoke(candidate, found).run();
}

}  // namespace assay
