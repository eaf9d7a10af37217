# assay_add_conformance_tests(
#   NAME     prefix of the tests' names
#   COMMAND  the adapter: a program and its arguments; targets and generator
#            expressions work as in add_test()
#   FORMATS  formats to test, e.g. pickle
#   [TARGET  PROFILES]   whom to agree with (default: cpython-3.8+)
#   [KNOWN   FILE]       known failures; FILE is relative to the source folder
#   [EXEC]               COMMAND is run once a case, with {file} among its
#                        arguments, instead of speaking the protocol
#   [TIMEOUT SECONDS]    of each test (default: 300)
# )
#
# Registers one ctest test for each topic of each format:
# NAME.pickle.int-text, NAME.pickle.memo, ... A test fails when a case of its
# topic differs from the target and is not a known failure; its output shows
# the case, what was expected, what came, and the command that repeats it. One in
# which nothing was judged, because the implementation claims none of the topic's
# cases, is reported as skipped.
function(assay_add_conformance_tests)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "EXEC" "NAME;TARGET;KNOWN;TIMEOUT" "COMMAND;FORMATS")
  foreach(required NAME COMMAND FORMATS)
    if(NOT ARG_${required})
      message(FATAL_ERROR "assay_add_conformance_tests: ${required} is missing")
    endif()
  endforeach()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "assay_add_conformance_tests: what is '${ARG_UNPARSED_ARGUMENTS}'?")
  endif()
  set(options "")
  if(ARG_TARGET)
    list(APPEND options --target "${ARG_TARGET}")
  endif()
  if(ARG_KNOWN)
    get_filename_component(known "${ARG_KNOWN}" ABSOLUTE)
    list(APPEND options --known "${known}")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  # The first word may be a target of this project, as in add_test().
  list(POP_FRONT ARG_COMMAND program)
  if(TARGET ${program})
    set(program "$<TARGET_FILE:${program}>")
  endif()
  set(command "'${program}'")
  foreach(word IN LISTS ARG_COMMAND)
    string(APPEND command " '${word}'")
  endforeach()
  set(as --impl)
  if(ARG_EXEC)
    set(as --exec)
  endif()
  foreach(format IN LISTS ARG_FORMATS)
    _assay_topics("${format}" topics)
    foreach(topic IN LISTS topics)
      set(test "${ARG_NAME}.${format}.${topic}")
      add_test(NAME "${test}"
        COMMAND Assay::assay --root "${ASSAY_ROOT}" run --format "${format}" --filter "${topic}"
          ${as} "${command}" ${options} --out "${CMAKE_CURRENT_BINARY_DIR}/assay/${test}"
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
      set_tests_properties("${test}" PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS assay
        SKIP_REGULAR_EXPRESSION "[0-9] results?: nothing was judged")
    endforeach()
  endforeach()
endfunction()

# The topics of a format: each file of cases names its own.
function(_assay_topics format result)
  file(GLOB_RECURSE files "${ASSAY_ROOT}/corpus/${format}/*.toml")
  if(NOT files)
    message(FATAL_ERROR "assay_add_conformance_tests: no cases of format '${format}'")
  endif()
  set(topics "")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" line REGEX "^topic *=" LIMIT_COUNT 1)
    if(line MATCHES "\"([^\"]+)\"")
      list(APPEND topics "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES topics)
  list(SORT topics)
  set(${result} "${topics}" PARENT_SCOPE)
endfunction()
