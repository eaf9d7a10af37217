// A release of Python, where what it does depends on that: {3, 13}.
#pragma once

namespace assay::sqlite {

struct PythonVersion {
  int major = 3, minor = 13;
};

}  // namespace assay::sqlite
