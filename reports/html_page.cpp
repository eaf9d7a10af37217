#include "reports/html_page.h"

#include <ostream>
#include <string_view>

#include "reports/html/page_parts.h"

namespace assay {
namespace {

// Writes `page`, putting each part where its marker stands.
struct Part {
  std::string_view marker, text;
};

}  // namespace

void write_html(std::ostream& out, const Results& results, const Catalogue& catalogue,
                const Comparison* changes, const HtmlOptions& options) {
  const std::string data = html_data(results, catalogue, changes, options);
  const Part parts[] = {{"/*style*/", page_style}, {"/*data*/", data}, {"/*script*/", page_script}};
  std::string_view rest = page_frame;
  for (const Part& part : parts) {  // in the order in which the frame has them
    const std::size_t at = rest.find(part.marker);
    out << rest.substr(0, at) << part.text;
    rest.remove_prefix(at + part.marker.size());
  }
  out << rest;
}

}  // namespace assay
