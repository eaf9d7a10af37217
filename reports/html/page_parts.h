// page.html, page.css and page.js, embedded when Assay is built (embed.cmake).
#pragma once

#include <string_view>

namespace assay {

extern const std::string_view page_frame, page_style, page_script;

}  // namespace assay
