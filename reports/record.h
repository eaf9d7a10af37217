// The record of a run: what the harness writes and every report reads.
//
// On disk it is JSON Lines, one flat object a line: first the run, then each
// implementation, then a line for each result. Reports know nothing else; a
// run made elsewhere, or put together from shards, reports the same.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "reports/verdict.h"

namespace assay {

struct RunRecord {
  std::string schema = "assay-results-1";
  std::string assay;    // version of Assay
  std::string started;  // UTC, ISO 8601
  std::string machine;  // "Linux x86_64"
  std::string command;  // what to run to repeat it
  std::string shard;    // "2/5" of a part of a run; empty for a whole one
  std::uint64_t cases = 0;
  double seconds = 0;  // wall time of the whole run
};

struct ImplementationRecord {
  std::string name;            // unique in the run: "cpython-3.13-c", "reference@cpython-2.7-py"
  std::string implementation;  // "cpython", "pypy", "reference", …
  std::string version;         // exact, as the implementation says
  std::string lane;            // "c", "py" or empty
  std::string role;            // "oracle", "reference", "subject"
  std::string target;          // what it was judged against, as --target takes it
  std::string note;            // why it could not be asked at all, or empty
  std::vector<std::string> remarks;  // misbehaviour that could be laid to no case
  double seconds = 0;                // time it took, from start to last answer
};

struct ResultRecord {
  std::string implementation;  // ImplementationRecord::name
  std::string case_id;
  std::string format;
  int protocol = -1;  // of the format; -1 where the format has none
  std::string topic;
  Verdict verdict = Verdict::skipped;
  Level level = Level::must;
  bool known = false;  // listed in the known-failures file with this verdict
  // The rest is left out of passes.
  std::string expected;  // value text, or "!UnpicklingError" for a rejection
  std::string got;       // likewise; empty where there was no answer
  std::string path;      // where the first difference is: "[3]['k']"
  std::string expected_at;
  std::string got_at;
  std::string detail;               // signal, message, fault, reason
  std::string known_reason;         // the reason the known-failures file gives
  std::vector<std::string> shares;  // divergent cases: the profiles it agrees with
  std::string repeat;               // the command that repeats this case
};

struct Results {
  RunRecord run;
  std::vector<ImplementationRecord> implementations;
  std::vector<ResultRecord> results;
};

// One line without its newline.
std::string to_line(const RunRecord& record);
std::string to_line(const ImplementationRecord& record);
std::string to_line(const ResultRecord& record);

// Everything, in the order that read_results() takes.
void write_results(std::ostream& out, const Results& results);

// Reads a record file. Throws std::runtime_error naming the line and the field
// when a line is not of the schema.
Results read_results(std::istream& in, const std::string& file_name);

// The order in which a run is written and reported: implementations as they
// were run, the results of each by format, protocol, topic and case. So a run
// and the same run put together from shards are the same file, but for times.
void sort_results(Results& results);

}  // namespace assay
