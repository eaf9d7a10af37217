// assay fuzz: two implementations, the same generated streams, every difference.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "harness/command/fuzz_campaign.h"
#include "harness/command/fuzz_promote.h"
#include "harness/command/fuzz_sides.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "harness/command/text_layout.h"
#include "harness/runner/protocol.h"

namespace assay {
namespace {

struct FuzzCommand {
  FuzzSidesOptions sides;
  std::string format = "pickle";
  std::string operation;
  FuzzPlan plan;
  std::size_t shown = 20;
  bool no_shrink = false;
  bool json = false;
  PromoteOptions promote;
};

std::string hex_of(const std::string& bytes) {
  std::string hex;
  append_hex(bytes, hex);
  return hex;
}

// --- progress -------------------------------------------------------------------

// A line on standard error, on a terminal only.
class FuzzBar {
 public:
  FuzzBar(const FuzzPlan& plan, const std::string& name)
      : count_(plan.count), name_(name), enabled_(is_terminal(STDERR_FILENO)) {}
  ~FuzzBar() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  FuzzBar(const FuzzBar&) = delete;
  FuzzBar& operator=(const FuzzBar&) = delete;

  void show(const FuzzProgress& progress) {
    if (!enabled_) return;
    shown_ = true;
    const double rate =
        progress.seconds > 0 ? static_cast<double>(progress.done) / progress.seconds : 0;
    const std::string line =
        progress.shrinking
            ? fmt::format("{}: {} disagreements, shrinking", name_, progress.disagreements)
            : fmt::format("{}: {}/{}, {:.0f}/s, {} disagree", name_, progress.done, count_, rate,
                          progress.disagreements);
    fmt::print(stderr, "\r\033[K{}", cut_line(line, screen_columns - 1));
    std::fflush(stderr);
  }

 private:
  std::uint64_t count_;
  std::string name_;
  bool enabled_, shown_ = false;
};

// --- reports --------------------------------------------------------------------

nlohmann::ordered_json cause_json(const FuzzPlan& plan, const FuzzPair& pair, const Cause& cause) {
  nlohmann::ordered_json json;
  json["kind"] = "cause";
  json["subject"] = pair.subject.name;
  json["against"] = pair.against.name;
  json["verdict"] = cause.comparison.verdict;
  json["place"] = cause.place;
  json["count"] = cause.count;
  json["unsteady"] = cause.unsteady;
  if (plan.format->operation == "encode") {
    json["value"] = cause.smallest.bytes;
    json["protocol"] = cause.smallest.protocol;
  } else {
    json["hex"] = hex_of(cause.smallest.bytes);
  }
  if (plan.format->source != nullptr) json["asm"] = plan.format->source(cause.smallest.bytes);
  for (const CaseOption& option : cause.smallest.options)
    std::visit([&](const auto& value) { json["options"][option.key] = value; }, option.value);
  if (!cause.smallest.buffers.empty()) json["buffers"] = cause.smallest.buffers;
  json["subject_said"] = cause.comparison.subject;
  json["against_said"] = cause.comparison.against;
  json["index"] = cause.index;
  json["repeat"] = repeat_line(plan, pair, cause.index);
  return json;
}

void print_json(const FuzzPlan& plan, const FuzzPair& pair, const CampaignResult& result) {
  for (const Cause& cause : result.causes) fmt::print("{}\n", cause_json(plan, pair, cause).dump());
  nlohmann::ordered_json json;
  json["kind"] = "run";
  json["format"] = plan.format->name;
  json["operation"] = plan.format->operation;
  json["seed"] = plan.seed;
  json["first"] = plan.first;
  json["subject"] = pair.subject.name;
  json["against"] = pair.against.name;
  json["streams"] = result.asked;
  json["agree"] = result.agreed;
  json["disagree"] = result.disagreed;
  json["causes"] = result.causes.size();
  json["set_aside"] = nlohmann::ordered_json::object();
  for (const auto& [reason, aside] : result.set_aside) json["set_aside"][reason] = aside.count;
  json["restarts"] = result.restarts;
  json["notes"] = result.notes;
  json["seconds"] = result.seconds;
  json["interrupted"] = result.interrupted;
  fmt::print("{}\n", json.dump());
  std::fflush(stdout);
}

std::string settings_text(const generators::Stream& stream) {
  Case c;
  c.options = stream.options;
  c.buffers = stream.buffers;
  return c.options_text();
}

void print_source(const FuzzPlan& plan, const generators::Stream& stream) {
  constexpr std::size_t lines_shown = 30;
  const std::string text = plan.format->operation == "encode" ? stream.bytes + "\n"
                           : plan.format->source != nullptr   ? plan.format->source(stream.bytes)
                                                              : hex_of(stream.bytes) + "\n";
  const std::string shown = first_lines(text, lines_shown);
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t end = std::min(shown.find('\n', at), shown.size());
    fmt::print("    {}\n", cut_line(shown.substr(at, end - at), screen_columns - 4));
    at = end + 1;
  }
  if (const std::string settings = settings_text(stream); !settings.empty())
    fmt::print("    {}\n", cut_line("with " + settings, screen_columns - 4));
}

void print_cause(const FuzzPlan& plan, const FuzzPair& pair, const Cause& cause,
                 std::size_t number) {
  fmt::print("{}. {} at {}: {} stream{}{}\n", number, cause.comparison.verdict, cause.place,
             cause.count, cause.count == 1 ? "" : "s",
             cause.unsteady ? ", not when asked again" : "");
  print_source(plan, cause.smallest);
  const std::size_t width = std::max(pair.subject.name.size(), pair.against.name.size());
  for (const auto& [name, said] : {std::pair(&pair.subject.name, &cause.comparison.subject),
                                   {&pair.against.name, &cause.comparison.against}})
    fmt::print("  {}\n",
               cut_line(fmt::format("{:<{}}  {}", *name, width, *said), screen_columns - 2));
  if (!cause.comparison.where.empty())
    fmt::print("  {}\n",
               cut_line("first difference: " + cause.comparison.where, screen_columns - 2));
  fmt::print("{}", wrapped(repeat_line(plan, pair, cause.index), 2));
}

void print_text(const FuzzCommand& command, const FuzzPlan& plan, const FuzzPair& pair,
                const CampaignResult& result) {
  fmt::print("{}", wrapped(fmt::format("{} against {}", pair.subject.name, pair.against.name), 0));
  std::uint64_t aside = 0;
  for (const auto& [reason, one] : result.set_aside) aside += one.count;
  const double rate = result.seconds > 0 ? static_cast<double>(result.asked) / result.seconds : 0;
  fmt::print("  {} streams, {:.0f} a second: {} agree, {} say nothing, {} disagree\n", result.asked,
             rate, result.agreed, aside, result.disagreed);
  for (const auto& [reason, one] : result.set_aside)
    fmt::print("{}", labelled(fmt::format("  {:>8}", one.count), reason, 12));
  if (result.restarts != 0) fmt::print("  {} restarts of processes\n", result.restarts);
  for (const std::string& note : result.notes) fmt::print("{}", labelled("  note:", note, 8));
  std::size_t number = 0;
  for (const Cause& cause : result.causes) {
    if (++number > command.shown) break;
    fmt::print("\n");
    print_cause(plan, pair, cause, number);
  }
  if (result.causes.size() > command.shown)
    fmt::print("\n{} more causes (--show {})\n", result.causes.size() - command.shown,
               result.causes.size());
  if (result.interrupted) fmt::print("\ninterrupted; what was seen until then is above\n");
  std::fflush(stdout);
}

void fuzz(Context& context, FuzzCommand& command) {
  const Corpus corpus = load_project_corpus(context);
  FuzzPlan& plan = command.plan;
  plan.format = generators::find_stream_format(command.format, command.operation);
  if (plan.format == nullptr)
    throw UsageError(fmt::format("no streams are made for format '{}'{}{}", command.format,
                                 command.operation.empty() ? "" : " and operation ",
                                 command.operation));
  plan.seeds = generators::corpus_streams(corpus, *plan.format);
  plan.shrink = !command.no_shrink;
  for (const FuzzPair& pair : choose_pairs(context, corpus, command.sides)) {
    FuzzBar bar(plan, pair.against.name);
    const CampaignResult result =
        run_campaign(plan, pair, [&](const FuzzProgress& progress) { bar.show(progress); });
    if (command.json) {
      print_json(plan, pair, result);
    } else {
      print_text(command, plan, pair, result);
    }
    if (result.disagreed != 0 || result.interrupted) context.status = exit_differs;
    if (result.interrupted) return;
    if (!command.promote.id.empty() && result.causes.size() >= command.promote.cause)
      return promote(context, plan, pair, result.causes[command.promote.cause - 1],
                     command.promote);
  }
  if (!command.promote.id.empty())
    throw UsageError(fmt::format("there is no cause {} to promote", command.promote.cause));
}

}  // namespace

void add_fuzz(CLI::App& app, Context& context) {
  auto options = std::make_shared<FuzzCommand>();
  CLI::App* command = app.add_subcommand(
      "fuzz", "Ask two implementations the same generated streams; shrink every difference");
  command->add_option("--format", options->format, "What to generate")->capture_default_str();
  command
      ->add_option("--operation", options->operation,
                   "encode: values to write, each in every protocol (default: the format's usual)")
      ->type_name("WORD");
  command
      ->add_option("--as", options->sides.profiles,
                   "The reference as this profile, against the CPython here of that profile "
                   "(default: as every CPython here)")
      ->type_name("PROFILE")
      ->allow_extra_args(false);
  command
      ->add_option("--impl", options->sides.impls,
                   "An implementation as in 'assay run', or the command of an adapter")
      ->type_name("NAME|CMD")
      ->allow_extra_args(false);
  command
      ->add_option("--against", options->sides.against,
                   "The other side of --impl (default: the CPython it imitates, else the newest)")
      ->type_name("NAME|CMD");
  command->add_option("--count", options->plan.count, "Streams for each pair")
      ->capture_default_str();
  command->add_option("--seed", options->plan.seed, "Another seed, other streams")
      ->capture_default_str();
  command->add_option("--first", options->plan.first, "Index of the first stream")
      ->capture_default_str();
  command->add_option("--seconds", options->plan.seconds, "Stop asking after this time");
  command->add_option("--show", options->shown, "Causes to print")->capture_default_str();
  command->add_flag("--no-shrink", options->no_shrink, "Leave the streams as they were found");
  command->add_flag("--json", options->json, "A JSON object for each cause, then one for the run");
  command
      ->add_option("--promote", options->promote.id,
                   "Write a cause into the corpus as a case with this id, and record it")
      ->type_name("ID");
  command->add_option("--cause", options->promote.cause, "Which cause to promote")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--topic", options->promote.topic, "The case's file in the corpus")
      ->capture_default_str();
  command->add_option("--why", options->promote.why, "The case's reason (default: who gives what)");
  command->add_option("--spec", options->promote.spec, "What it cites (default: the instruction)");
  command->callback([options, &context] { fuzz(context, *options); });
}

}  // namespace assay
