// The file around a page: head, language switch, footer, scripts. What stands in it is made elsewhere (html.hpp, html_book.hpp).
#pragma once
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

struct HtmlFile {
  Words title;       // of the window; may be empty
  std::string body;  // markup, safe as it stands
  std::string
      charts;  // JSON: {"charts":[...],"outlines":{...}}, each chart where `data-chart` in the body counts; or empty
};

std::string html_file(const HtmlFile& file);

// What html_file was given, but for the title. An error, located in `name`, where the text is no such file or one of another
// version, whose charts these scripts would not draw.
Expected<HtmlFile> read_html_file(std::string_view html, const std::string& name);

}  // namespace hinterland
