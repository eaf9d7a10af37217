#include "harness/worker.h"

namespace assay {

Worker::~Worker() = default;

}  // namespace assay
