// assay migrate: a dbm file or shelf, written anew for another module.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/command/migrate_command.h"
#include "harness/command/migration.h"
#include "harness/command/pickle_file.h"
#include "harness/command/store_writer.h"
#include "harness/command/text_layout.h"
#include "harness/oracles/discovery.h"

namespace assay {
namespace {

struct MigrateOptions {
  std::string from, to, store, profile, python;
  bool salvage = false, json = false;
};

struct StoreRow {
  const char* name;
  const char* where;  // how to come by the module
};
constexpr StoreRow stores[] = {
    {"dbm.sqlite3", "CPython 3.13 and later have it"},
    {"dbm.dumb", "needs no Python here"},
    {"dbm.gnu", "Debian's package python3-gdbm gives it to /usr/bin/python3"},
    {"dbm.ndbm", "Debian's /usr/bin/python3 has it"},
};

// The newest Python here that has the module.
std::string find_python(Context& context, const StoreRow& store, const std::string& wanted) {
  if (!wanted.empty()) {
    if (python_has(wanted, store.name)) return wanted;
    throw UsageError(fmt::format("{} has no {}: {}", wanted, store.name, store.where));
  }
  auto candidates = find_candidates(environment(context.project(), context.program_folder));
  std::reverse(candidates.begin(), candidates.end());
  std::set<std::string> tried;
  for (const Candidate& candidate : candidates) {
    if (candidate.kind != Candidate::Kind::python || !candidate.missing.empty()) continue;
    const std::string& program = candidate.implementation.command.argv.at(0);
    if (tried.insert(program).second && python_has(program, store.name)) return program;
  }
  throw UsageError(
      fmt::format("no Python here has {}: {}\n  --python names another", store.name, store.where));
}

nlohmann::ordered_json rows(const std::vector<Unmoved>& unmoved) {
  auto list = nlohmann::ordered_json::array();
  for (const Unmoved& one : unmoved) list.push_back({{"key", one.key}, {"why", one.why}});
  return list;
}

void print_rows(const char* head, const std::vector<Unmoved>& unmoved) {
  constexpr std::size_t shown = 20;
  if (unmoved.empty()) return;
  fmt::print("{} {}:\n", unmoved.size(), head);
  for (std::size_t i = 0; i < unmoved.size() && i < shown; ++i) {
    const Unmoved& one = unmoved[i];
    const std::string key = one.key.empty() ? "" : cut_line(one.key, 40) + ": ";
    fmt::print("  {}\n", cut_line(key + one.why, screen_columns - 2));
  }
  if (unmoved.size() > shown) fmt::print("  and {} more (--json)\n", unmoved.size() - shown);
}

void print_text(const MigrationPlan& plan, const MigrationReport& report) {
  fmt::print("from {}\n  {}\n", plan.from.file, dbm::shown(plan.from));
  fmt::print("to {}\n  {}, written by {}\n", fmt::join(report.files, ", "), plan.store,
             plan.python.empty() ? "Assay" : plan.python);
  fmt::print("{} entries carried over, read back and compared\n", report.carried);
  print_rows("not carried over", report.lost);
  print_rows("carried over, but not to be loaded", report.broken);
  fmt::print("open it with {}.open('{}')\n", report.shelf ? "shelve" : "dbm", plan.to);
}

void print_json(const MigrationPlan& plan, const MigrationReport& report) {
  nlohmann::ordered_json json;
  json["from"] = plan.from.file;
  json["format"] = name(plan.from.format);
  json["to"] = plan.to;
  json["store"] = plan.store;
  json["python"] = plan.python;
  json["files"] = report.files;
  json["shelf"] = report.shelf;
  json["carried"] = report.carried;
  json["lost"] = rows(report.lost);
  json["broken"] = rows(report.broken);
  fmt::print("{}\n", json.dump());
}

void run_migrate(const MigrateOptions& options, Context& context) {
  const auto store = std::find_if(std::begin(stores), std::end(stores),
                                  [&](const StoreRow& row) { return options.store == row.name; });
  if (store == std::end(stores))
    throw UsageError(
        fmt::format("--to {}: one of dbm.sqlite3, dbm.dumb, dbm.gnu, dbm.ndbm", options.store));
  const auto found = dbm::identify(options.from);
  if (!found)
    throw UsageError(options.from + ": is no dbm file, nor the name of one without its ending");
  MigrationPlan plan;
  plan.from = *found;
  plan.to = options.to;
  plan.store = options.store;
  plan.profile = parse_profile_option(options.profile);
  plan.salvage = options.salvage;
  if (plan.store != "dbm.dumb") plan.python = find_python(context, *store, options.python);
  const MigrationReport report = migrate(plan);
  if (options.json) {
    print_json(plan, report);
  } else {
    print_text(plan, report);
  }
  if (!report.lost.empty() || !report.broken.empty()) context.status = exit_differs;
}

}  // namespace

void add_migrate(CLI::App& app, Context& context) {
  auto options = std::make_shared<MigrateOptions>();
  CLI::App* command =
      app.add_subcommand("migrate", "Copy a dbm file or shelf into another kind, and compare");
  command->add_option("old", options->from, "A dbm file or shelf, or its name without the ending")
      ->required()
      ->type_name("OLD");
  command->add_option("new", options->to, "The copy, as Python is given it to open")
      ->required()
      ->type_name("NEW");
  command->add_option("--to", options->store, "dbm.sqlite3, dbm.dumb, dbm.gnu or dbm.ndbm")
      ->required()
      ->type_name("MODULE");
  command->add_option("--as", options->profile, "The Python that shall load it")
      ->type_name("PROFILE");
  command->add_option("--python", options->python, "The Python that writes it")
      ->type_name("PROGRAM");
  command->add_flag("--salvage", options->salvage, "Carry over what is intact of a broken file");
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &context] { run_migrate(*options, context); });
}

}  // namespace assay
