// A line of progress on standard error, on a terminal only.
#pragma once

#include <chrono>
#include <cstddef>

namespace assay {

// Whether a stream (1, 2) is a terminal that takes colours: NO_COLOR is unset
// and TERM is not "dumb".
bool is_terminal(int descriptor);
bool wants_colour(int descriptor);

class ProgressBar {
 public:
  ProgressBar();
  // `done` of `all` cases, `finished` of `implementations`.
  void show(std::size_t done, std::size_t all, std::size_t finished, std::size_t implementations);
  // `done` of `all` things of this name: "files".
  void show(std::size_t done, std::size_t all, const char* things);
  void clear();

 private:
  // Whether the line may be written now; it is drawn up to `done` of `all`.
  bool draw(std::size_t done, std::size_t all);

  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace assay
