# Installs Assay, builds the example project against it, and runs its tests.
#   cmake -DBUILD=… -DSOURCE=… -DWORK=… -P check.cmake
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
step(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/installed")
step(${CMAKE_COMMAND} -G Ninja -S "${SOURCE}" -B "${WORK}/build" "-DCMAKE_PREFIX_PATH=${WORK}/installed")
step(${CMAKE_COMMAND} --build "${WORK}/build")
step(${CMAKE_CTEST_COMMAND} --test-dir "${WORK}/build" -j 2)
if(NOT output MATCHES "100% tests passed, 0 tests failed out of ([0-9]+)")
  message(FATAL_ERROR "unexpected output:\n${output}")
endif()
if(CMAKE_MATCH_1 LESS 30)
  message(FATAL_ERROR "only ${CMAKE_MATCH_1} topics were registered")
endif()
# It claims nothing of persistent ids: no verdict, and no pass.
if(NOT output MATCHES "tiny-pickle.pickle.persid [.]+[*]+Skipped")
  message(FATAL_ERROR "a topic of which nothing was judged did not show as skipped:\n${output}")
endif()
# The same reader without its list of known failures must not pass.
file(WRITE "${WORK}/empty.toml" "")
step(${CMAKE_COMMAND} "-DKNOWN_FAILURES=${WORK}/empty.toml" "${WORK}/build")
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir "${WORK}/build" -R memo
  RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
if(status EQUAL 0)
  message(FATAL_ERROR "a known failure did not fail without the list")
endif()
