#include "reference/adapter/shelve_answers.h"

#include <fmt/format.h>

#include <vector>

#include "reference/adapter/answers.h"
#include "reference/adapter/dbm_answers.h"
#include "reference/adapter/store_reading.h"
#include "reference/shelve/shelf.h"
#include "reference/value/text.h"

namespace assay::adapter {
namespace {

// The entries of a store, for the shelf that is laid over them.
class Stored final : public dbm::EntryStream {
 public:
  explicit Stored(const std::vector<StoredEntry>& entries) : EntryStream({}), entries_(entries) {}

  bool next(dbm::Entry& entry) override {
    if (at_ == entries_.size()) return false;
    const StoredEntry& stored = entries_[at_++];
    entry = {};
    entry.key = as_bytes(stored.key);
    entry.value = as_bytes(stored.values.front());
    return true;
  }
  bool find(Bytes, dbm::Entry&) override { return false; }

 private:
  const std::vector<StoredEntry>& entries_;
  std::size_t at_ = 0;
};

// What is wrong with an option, or nothing and it is taken.
std::optional<std::string> take_options(const Request& request, shelve::ShelfOptions& to,
                                        dbm::NdbmLibrary& library) {
  for (const Option& option : request.options) {
    const auto* text = std::get_if<std::string_view>(&option.value);
    if (option.key != "keyencoding" || text == nullptr) {
      if (const auto wrong = take_ndbm(option, library)) return wrong;
      continue;
    }
    if (to.profile.python2()) return "Python 2's shelves have no keyencoding";
    const auto encoding = shelve::parse_key_encoding(*text);
    if (!encoding) return fmt::format("keyencoding {}", *text);
    to.key_encoding = *encoding;
  }
  return std::nullopt;
}

NodeId raises(Graph& graph, std::string_view exception) {
  const NodeId module = graph.string(std::string_view("raises"));
  return graph.global(module, graph.string(graph.keep(as_bytes(exception))));
}

}  // namespace

void answer_shelve_read(const Request& request, const pickle::Profile& profile, std::string& out) {
  shelve::ShelfOptions options;
  options.profile = profile;
  dbm::NdbmLibrary library = dbm::NdbmLibrary::none;
  if (const auto wrong = take_options(request, options, library))
    return answer_text(out, request.id, "unsupported", *wrong);
  const dbm::Python python{profile.version().major, profile.version().minor};
  const StoredEntries read = read_store("dbm", std::string(request.path), python, library);
  if (read.status == StoredEntries::Status::unsupported)
    return answer_text(out, request.id, "unsupported", read.message);
  if (read.status == StoredEntries::Status::raised)
    return answer_error(out, request.id, read.exception, read.message);

  Graph graph;
  const NodeId all = graph.dict();
  Stored store(read.entries);
  shelve::Shelf shelf(store, options);
  for (shelve::ShelfEntry entry; shelf.next(graph, entry);) {
    if (entry.key == no_node) return answer_error(out, request.id, "UnicodeDecodeError", "a key");
    if (!entry.value.accepted && entry.value.status != pickle::Status::rejected)
      return answer_text(out, request.id, "unsupported", entry.value.message);
    const NodeId value =
        entry.value.accepted ? entry.value.value : raises(graph, entry.value.error);
    graph.add_pair_unchecked(all, entry.key, value);
  }
  answer_text(out, request.id, "value", print(graph, all));
}

}  // namespace assay::adapter
