// Several reports as one: a chapter each, below a table of contents, with one copy of what they share.
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

struct Chapter {
  std::string name;  // of its file: where errors are, and what it is called if its page has no title
  std::string html;  // what render_html made, by this version
};

// One page, titled `title`, with the chapters in their order. Two maps over the same outlines share them.
// Errors, each located in its chapter: no report, one of another version, one that is cut short or changed by hand.
Expected<std::string> bind_html(const Words& title, const std::vector<Chapter>& chapters);

}  // namespace hinterland
