// Format strings of OpenJD (2023-09, section 7.3): text with {{ Name.Name }} in it.
//
// What a name stands for is known when a job is submitted, or where a task runs; either way it is a SitePart (site_word.hpp), so a
// format string becomes a word that the task's script fills in.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "hinterland/render/site_word.hpp"

namespace hinterland {

// What a name stands for; nullopt: it is not known there.
using NameScope = std::function<std::optional<SiteWord>(const std::string& name)>;

// Fails, located at `where`, for a reference that is not closed, is no dotted name, or is not known; `known` says what is.
Expected<SiteWord> resolve_format(const std::string& text, const Location& where, const NameScope& scope,
                                  const std::string& known);

// The same of text alone: nothing in it waits for the task.
Expected<std::string> resolve_text(const std::string& text, const Location& where, const NameScope& scope,
                                   const std::string& known);

}  // namespace hinterland
