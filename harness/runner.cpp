#include "harness/runner.h"

namespace assay {

std::string_view name(Status status) {
  switch (status) {
    case Status::answered:
      return "answered";
    case Status::unsupported:
      return "unsupported";
    case Status::crash:
      return "crash";
    case Status::timeout:
      return "timeout";
    case Status::out_of_memory:
      return "out-of-memory";
    case Status::adapter_error:
      return "adapter-error";
    case Status::state_dependent:
      return "state-dependent";
    case Status::skipped:
      return "skipped";
  }
  return "?";
}

RunReport run(const Implementation&, const std::vector<Job>& jobs, const RunOptions&) {
  RunReport report;
  report.observations.resize(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) report.observations[i].index = i;
  return report;
}

std::variant<Hello, std::string> greet(const Implementation&, const RunOptions&) {
  return "not yet";
}

}  // namespace assay
