#include "harness/command/interruption.h"

namespace assay {
namespace {

std::atomic<int> received{0};
std::atomic<bool> stopped{false};

void note(int number) {
  received = number;
  stopped = true;
}

}  // namespace

InterruptGuard::InterruptGuard(std::initializer_list<int> signals) {
  received = 0;
  stopped = false;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : signals) {
    struct sigaction before {};
    sigaction(number, &action, &before);
    before_.emplace_back(number, before);
  }
}

InterruptGuard::~InterruptGuard() {
  for (const auto& [number, before] : before_) sigaction(number, &before, nullptr);
}

const std::atomic<bool>* InterruptGuard::flag() const {
  return &stopped;
}

int InterruptGuard::signal() const {
  return received;
}

}  // namespace assay
