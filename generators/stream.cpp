#include "generators/stream.h"

#include "generators/dbm_scripts.h"
#include "generators/marshal_streams.h"
#include "generators/pickle_streams.h"

namespace assay::generators {
namespace {

// Longer inputs of the corpus cost more time than their mutations find.
constexpr std::size_t longest_seed = 2000;

}  // namespace

std::span<const StreamFormat> stream_formats() {
  static const std::vector<StreamFormat> formats = [] {
    std::vector<StreamFormat> all = {marshal_format, pickle_format};
    const auto scripts = dbm_script_formats();
    all.insert(all.end(), scripts.begin(), scripts.end());
    return all;
  }();
  return formats;
}

const StreamFormat* find_stream_format(std::string_view name) {
  for (const StreamFormat& format : stream_formats())
    if (format.name == name) return &format;
  return nullptr;
}

std::vector<Stream> corpus_streams(const Corpus& corpus, std::string_view format) {
  std::vector<Stream> streams;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases)
      if (c.format == format && c.operation == "decode" && c.input.size() <= longest_seed)
        streams.push_back({c.input, c.options, c.buffers});
  return streams;
}

Stream make_stream(const StreamFormat& format, std::uint64_t seed, std::uint64_t index,
                   std::span<const Stream> seeds) {
  Choices choices(seed, index, format.name);
  return format.make(choices, seeds);
}

}  // namespace assay::generators
