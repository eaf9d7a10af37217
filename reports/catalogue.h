// What a report shows of the cases themselves. Reports read records only and
// know no format; whoever writes one supplies this (harness/command does, from
// the corpus). Cases that it does not have are shown without their bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace assay {

struct CatalogueOutcome {
  std::vector<std::string> profiles;
  std::string text;  // value text, or "!UnpicklingError" for a rejection
  std::int64_t consumed = -1;
  std::string listing;  // of bytes that were written: annotated disassembly
};

struct CatalogueCase {
  std::string id;
  std::string format, why, source, options, file;
  std::vector<std::string> quirks;    // names
  std::vector<std::string> features;  // what the input uses: opcodes
  std::string operation;              // "decode", "encode", "scenario", …
  std::string asked;                  // value text, script or program; else empty
  std::string files;                  // at the path that is asked about: name, mark; a line each
  std::uint64_t size = 0;             // bytes of the input
  std::string hex;                    // its first bytes
  std::string listing;                // annotated disassembly, cut where it is long
  bool word = false;                  // the outcome depends on the word size
  std::vector<CatalogueOutcome> outcomes;
};

struct CatalogueQuirk {
  std::string format, name, statement, citation;
};

struct CatalogueFeature {
  std::string format;
  int protocol = -1;  // the first that has it
  std::string name;
};

// Takes written bytes apart: the format as results name it, the bytes in hex. Gives an
// annotated disassembly, or nothing.
using Lister = std::function<std::string(const std::string& format, const std::string& hex)>;

struct Catalogue {
  std::vector<CatalogueCase> cases;
  std::vector<CatalogueQuirk> quirks;
  std::vector<CatalogueFeature> features;  // all there are, used or not
  Lister list_written;                     // of what implementations wrote; or empty
  std::vector<std::string> profiles;       // every oracle, in natural order
};

}  // namespace assay
