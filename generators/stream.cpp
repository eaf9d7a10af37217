#include "generators/stream.h"

#include "generators/dbm_scripts.h"
#include "generators/marshal_streams.h"
#include "generators/marshal_values.h"
#include "generators/pickle_streams.h"
#include "generators/pickle_values.h"

namespace assay::generators {
namespace {

// Longer inputs of the corpus cost more time than their mutations find.
constexpr std::size_t longest_seed = 2000;

}  // namespace

std::span<const StreamFormat> stream_formats() {
  static const std::vector<StreamFormat> formats = [] {
    std::vector<StreamFormat> all = {marshal_format, marshal_values_format, pickle_format,
                                     pickle_values_format};
    const auto scripts = dbm_script_formats();
    all.insert(all.end(), scripts.begin(), scripts.end());
    return all;
  }();
  return formats;
}

const StreamFormat* find_stream_format(std::string_view name, std::string_view operation) {
  for (const StreamFormat& format : stream_formats())
    if (format.name == name && (operation.empty() || format.operation == operation)) return &format;
  return nullptr;
}

std::vector<Stream> corpus_streams(const Corpus& corpus, const StreamFormat& format) {
  std::vector<Stream> streams;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases)
      if (c.format == format.name && c.operation == format.operation) {
        const std::string& asked = c.operation == "encode" ? c.value : c.input;
        if (asked.empty() || asked.size() > longest_seed) continue;
        streams.push_back({asked, c.options, c.buffers});
        if (c.operation == "encode") streams.back().protocol = c.protocol;
      }
  return streams;
}

Stream make_stream(const StreamFormat& format, std::uint64_t seed, std::uint64_t index,
                   std::span<const Stream> seeds) {
  Choices choices(seed, index / format.variants, format.name);
  Stream stream = format.make(choices, seeds);
  if (format.variant == nullptr) return stream;
  return format.variant(std::move(stream), static_cast<unsigned>(index % format.variants));
}

}  // namespace assay::generators
