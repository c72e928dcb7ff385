# Strict for us, at top level only; never passed on to users.
function(lavapp_warnings target)
  if(PROJECT_IS_TOP_LEVEL AND NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror)
  endif()
endfunction()
