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
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace assay
