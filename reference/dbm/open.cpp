#include "reference/dbm/open.h"

#include "reference/dbm/berkeley_btree.h"
#include "reference/dbm/berkeley_hash.h"
#include "reference/dbm/berkeley_queue.h"
#include "reference/dbm/dumb.h"
#include "reference/dbm/gdbm.h"
#include "reference/dbm/ndbm.h"
#include "reference/dbm/old_hash.h"

namespace assay::dbm {

std::unique_ptr<EntryStream> open_bytes(Bytes file, ReadOptions options) {
  const auto magic = find_magic(file);
  if (!magic) throw DecodeError(ErrorKind::malformed, 0, "magic", "is none of a dbm file's");
  switch (magic->magic->format) {
    case Format::gdbm:
      return std::make_unique<GdbmStream>(file, options);
    case Format::berkeley_hash:
      return std::make_unique<BerkeleyHashStream>(file, options);
    case Format::berkeley_btree:
      return std::make_unique<BerkeleyBtreeStream>(file, options);
    case Format::berkeley_queue:
      return std::make_unique<BerkeleyQueueStream>(file, options);
    case Format::old_hash:
      return std::make_unique<OldHashStream>(file, options);
    default:
      throw DecodeError(ErrorKind::unsupported, 0, "magic",
                        std::string(name(magic->magic->format)) + " files are only identified");
  }
}

std::unique_ptr<OpenedDbm> open_dbm(const Identification& found, Python python,
                                    ReadOptions options) {
  auto opened = std::make_unique<OpenedDbm>();
  opened->found = found;
  opened->file = MappedFile(found.file);
  const Bytes bytes = opened->file.bytes();
  if (found.format == Format::dumb) {
    std::optional<Bytes> dat;
    if (readable(found.second)) dat = (opened->second = MappedFile(found.second)).bytes();
    opened->stream = std::make_unique<DumbStream>(bytes, dat, python, options);
    opened->stream->give_back(opened->second);
    return opened;
  }
  if (found.format == Format::sqlite)
    throw DecodeError(ErrorKind::unsupported, 0, "magic",
                      "an SQLite database is no dbm file "
                      "of this room");
  opened->stream = found.format == Format::ndbm ? std::make_unique<NdbmStream>(bytes, options)
                                                : open_bytes(bytes, options);
  opened->stream->give_back(opened->file);
  return opened;
}

}  // namespace assay::dbm
