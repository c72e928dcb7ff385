# Files with coroutines in them: clang 14 cannot write such an object file with -fsanitize=function in force, which its
# -fsanitize=undefined brings along. Optimising, g++ 12 takes Asio's own pair of operators for coroutine frames for one that
# does not match.
function(lavapp_coroutine_sources)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS
    "$<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>;$<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>")
endfunction()

# Strict for us, at top level only; never passed on to users. They are errors where CI says so: a compiler that is newer
# than this may know new ones, and must still build what it is given.
option(LAVAPP_WARNINGS_AS_ERRORS "Refuse what the compiler warns about" OFF)

function(lavapp_warnings target)
  if(PROJECT_IS_TOP_LEVEL AND NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
      $<$<BOOL:${LAVAPP_WARNINGS_AS_ERRORS}>:-Werror>
      # Asio's fences, in headers that g++ instantiates in our files; ThreadSanitizer does not see them.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
      # Optimising, g++ 12 takes an Optional that is empty for one that is read.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
      # g++ 12 warns about "text" + std::string() when it optimises (its bug 105651).
      $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  endif()
endfunction()
