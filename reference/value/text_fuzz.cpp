// Any text is read or refused; what was read prints, reads again and is the
// same value, nested and flat.
#include <cstdint>
#include <cstdlib>

#include "reference/bytes/error.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  Graph graph;
  NodeId root = no_node;
  try {
    root = parse(graph, as_text({data, size}));
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::internal || error.offset() > size) std::abort();
    return 0;
  }
  for (const std::size_t depth : {std::size_t{100}, std::size_t{0}}) {
    Graph again;
    const std::string text = print(graph, root, {depth});
    const NodeId other = parse(again, text);
    try {
      if (first_difference(graph, root, again, other)) std::abort();
    } catch (const DecodeError& error) {
      if (error.kind() != ErrorKind::limit) throw;
    }
    if (print(again, other, {depth}) != text) std::abort();
  }
  return 0;
}
