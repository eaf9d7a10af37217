// Badges: how far an implementation agrees, in one line of a README.
#pragma once

#include <string>
#include <vector>

#include "reports/record.h"

namespace assay {

struct Badge {
  std::string file;     // name for its files, without ending: "pypy-py-pickle"
  std::string label;    // "pickle"
  std::string message;  // "1036 of 1036", "no case judged"
  std::string colour;   // hexadecimal, without '#'
};

// One for each subject and each format that it was asked about. The file is
// named for implementation, lane and format, not for the version, so that a link
// to it lasts. Cases that agree as far as an adapter can tell count as agreeing;
// the message says how many differ and how many of those are known.
std::vector<Badge> badges(const Results& results);

// The badge as a picture that names no font and no address of elsewhere, with
// its text for screen readers.
std::string badge_svg(const Badge& badge);

// The badge as shields.io's endpoint takes it (schemaVersion 1;
// https://shields.io/badges/endpoint-badge).
std::string badge_json(const Badge& badge);

}  // namespace assay
