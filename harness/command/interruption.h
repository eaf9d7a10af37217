// SIGINT and its like while something is under way that has to be put away first.
#pragma once

#include <signal.h>

#include <atomic>
#include <initializer_list>
#include <stdexcept>
#include <utility>
#include <vector>

namespace assay {

// Thrown when a signal ended something: what was seen until then is worth nothing
// to whoever would write it down.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal = SIGINT) : std::runtime_error("interrupted"), signal_(signal) {}
  int signal() const { return signal_; }

 private:
  int signal_;
};

// As long as it lives, these signals are only noted; a second one of a kind ends
// the program. One guard at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(std::initializer_list<int> signals);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // True from then on that one came.
  const std::atomic<bool>* flag() const;
  // The number of the signal that came since the guard was made; else 0.
  int signal() const;
  // Throws Interrupted if one came.
  void check() const {
    if (const int number = signal(); number != 0) throw Interrupted(number);
  }

 private:
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace assay
