// What implementations make of the statements of the documentation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/corpus/statement.h"

namespace CLI {
class App;
}

namespace assay {

struct Context;

void add_chapter(CLI::App& app, Context& context);

// What came of a scenario.
struct Printed {
  std::vector<std::string> lines;
  std::string error;  // class of the exception that ended it, or "(crash)"; else empty
};

// The lines in the value text of a list of texts. Throws std::runtime_error for
// another value.
std::vector<std::string> printed_lines(std::string_view value_text);

enum class Holding : std::uint8_t {
  held,
  not_held,
  not_applicable,  // said of other versions, not testable, or a module is missing
};

// What one implementation says of one statement.
struct Finding {
  Holding holding = Holding::not_applicable;
  std::string got;  // of one that does not hold: what came instead, on one line
};

// An implementation and what it says of each statement, in their order.
struct ChapterColumn {
  std::string name;
  std::string version;
  LanguageVersion language;
  bool oracle = false;    // a CPython
  bool recorded = false;  // it is not here: its recorded outcomes speak
  std::vector<Finding> findings;

  std::size_t count(Holding holding) const;
};

// Decides on a statement by what its first case printed (nothing: unsupported).
Finding judge_statement(const Statement& statement, LanguageVersion language,
                        const std::optional<Printed>& printed);

// How many statements of a module (empty: of all) hold, of how many that apply.
struct Held {
  std::size_t held = 0, applicable = 0;
};
Held held_of(const std::vector<Statement>& statements, const ChapterColumn& column,
             std::string_view module);

// The modules that statements are of, in the order in which the corpus has them.
std::vector<std::string> chapter_modules(const std::vector<Statement>& statements);

// The columns whose finding on statement `index` is not_held.
std::vector<const ChapterColumn*> failing(const std::vector<ChapterColumn>& columns,
                                          std::size_t index);

// The coverage table for a terminal, at most 80 columns wide; with `details` every
// statement that does not hold somewhere and every one that is not testable.
std::string chapter_text(const std::vector<Statement>& statements,
                         const std::vector<ChapterColumn>& columns, bool details);

// The same and the list of all statements as a Markdown page.
std::string chapter_markdown(const std::vector<Statement>& statements,
                             const std::vector<ChapterColumn>& columns);

// One JSON object.
std::string chapter_json(const std::vector<Statement>& statements,
                         const std::vector<ChapterColumn>& columns);

}  // namespace assay
