// What a report shows of the cases themselves. Reports read records only and
// know no format; whoever writes one supplies this (harness/command does, from
// the corpus). Cases that it does not have are shown without their bytes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace assay {

struct CatalogueOutcome {
  std::vector<std::string> profiles;
  std::string text;  // value text, or "!UnpicklingError" for a rejection
  std::int64_t consumed = -1;
};

struct CatalogueCase {
  std::string id;
  std::string format, why, source, options, file;
  std::vector<std::string> quirks;    // names
  std::vector<std::string> features;  // what the input uses: opcodes
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

struct Catalogue {
  std::vector<CatalogueCase> cases;
  std::vector<CatalogueQuirk> quirks;
  std::vector<CatalogueFeature> features;  // all there are, used or not
  std::vector<std::string> profiles;       // every oracle, in natural order
};

}  // namespace assay
