// Words of a command that are filled in where it runs, once for each frame:
//
//   {frame}      its number; {frame:4} with four digits at least: 0007, -0007
//   {output}     the file to write
//   {scene}      the scene's own file
//   {folder}     the task's folder, where the command runs and its inputs lie
//   {cores}      how many processors the task has
//   {{ and }}    a brace
//
// Files are named by their whole path, so that no name that begins with a dash is taken for an option.
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

enum class WordPart { text, frame, output, scene, folder, cores };

struct SitePart {
  WordPart part = WordPart::text;
  std::string text;
  int digits = 0;  // of a frame
  bool operator==(const SitePart&) const = default;
};
using SiteWord = std::vector<SitePart>;

inline constexpr int kMostDigits = 12;

// Fails, located at `where`, for a brace that names none of these.
Expected<SiteWord> parse_site_word(const std::string& text, const std::string& where);
// All words; what is wrong with each.
Expected<std::vector<SiteWord>> parse_site_words(const std::vector<std::string>& words,
                                                 const std::string& where);

bool mentions(const std::vector<SiteWord>& words, WordPart part);

// As a word of the shell that has $frame, $output, $scene and $cores, and stands in the task's folder.
std::string shell_text(const SiteWord& word);

}  // namespace hinterland
