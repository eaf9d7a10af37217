// Code objects as values: of every layout, small, and never to be run.
#pragma once

#include "generators/choices.h"
#include "reference/marshal/quirks.h"
#include "reference/value/graph.h"

namespace assay::generators {

// A code object of a Python of this version, with at most `depth` others inside. It
// has names of every kind that is interned and of those that are not, some of them
// twice. No node of it is met outside of it, nor in the code objects inside.
NodeId make_code(Choices& choices, Graph& graph, marshal::Version version, int depth);

}  // namespace assay::generators
