// The exceptions that marshal raises.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::marshal {

enum class Error : std::uint8_t {
  eof_error,
  value_error,
  type_error,
  unicode_decode_error,
  memory_error,
  overflow_error,
  system_error,
};

// The name of the exception's class: "ValueError".
constexpr std::string_view class_name(Error error) {
  constexpr std::string_view names[] = {"EOFError",           "ValueError",  "TypeError",
                                        "UnicodeDecodeError", "MemoryError", "OverflowError",
                                        "SystemError"};
  return names[static_cast<std::size_t>(error)];
}

// Thrown inside the room; never leaves it.
struct Rejection {
  Error error;
  std::string message;
  // Set only where no exception is set yet ("NULL object in marshal data").
  bool if_none_yet = false;
};

// What CPython does not survive: it aborts, or reads memory that is not there.
struct Crash {
  std::string message;
};

}  // namespace assay::marshal
