#include "harness/command/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace assay {
namespace {

constexpr std::size_t bar_columns = 30;
constexpr auto between = std::chrono::milliseconds(100);

}  // namespace

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

bool wants_colour(int descriptor) {
  // https://no-color.org: set and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return is_terminal(descriptor) && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

ProgressBar::ProgressBar() : enabled_(is_terminal(STDERR_FILENO)) {}

bool ProgressBar::draw(std::size_t done, std::size_t all) {
  const auto now = std::chrono::steady_clock::now();
  if (!enabled_ || now - last_ < between) return false;
  last_ = now;
  shown_ = true;
  const std::size_t filled = all == 0 ? bar_columns : bar_columns * done / all;
  fmt::print(stderr, "\r[{}{}] {}/{} ", std::string(filled, '#'),
             std::string(bar_columns - filled, ' '), done, all);
  return true;
}

void ProgressBar::show(std::size_t done, std::size_t all, std::size_t finished,
                       std::size_t implementations) {
  if (!draw(done, all)) return;
  fmt::print(stderr, "cases, {}/{} implementations", finished, implementations);
  std::fflush(stderr);
}

void ProgressBar::show(std::size_t done, std::size_t all, const char* things) {
  if (!draw(done, all)) return;
  fmt::print(stderr, "{}", things);
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

}  // namespace assay
