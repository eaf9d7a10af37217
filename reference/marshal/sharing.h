// What is one object in a CPython though it stands in a value twice.
//
// From version 3 on marshal writes an object once, so what it writes depends on
// what is one object. A reader's graph says so by itself; value text says so by its
// labels alone, and a CPython that makes the value makes more of it one.
#pragma once

#include <string_view>

#include "reference/marshal/profile.h"
#include "reference/value/graph.h"

namespace assay::marshal {

// Makes one node of those that a CPython of the profile cannot have twice, in all of
// the graph:
//
// - empty text, empty bytes, text of one Latin-1 character, bytes of one byte, the
//   empty frozenset, integers from 257 to 1024 in Python 3.15;
// - text that making a code object interns (Objects/codeobject.c: intern_strings for
//   names, intern_string_constants for constants; the rules are in README.md).
//
// What is interned has flag::interned afterwards. Nodes stay where they are; edges
// are changed. Instances are left as they are: marshal refuses them. Takes time in
// proportion to the graph.
void share_objects(Graph& graph, const Profile& profile);

// Whether a text is empty or one character of Latin-1: of these there is one each.
bool is_latin1_character(std::string_view text);

}  // namespace assay::marshal
