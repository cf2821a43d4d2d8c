#include "hinterland/render/povray_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 1U << 30U;  // of one file of a scene's text
constexpr std::size_t kMostFiles = 100'000;
constexpr std::array<std::string_view, 14> kKinds = {"gif", "tga",  "iff", "ppm", "pgm", "png", "jpeg",
                                                     "jpg", "tiff", "sys", "exr", "hdr", "df3", "ttf"};
constexpr std::array<std::string_view, 5> kMaps = {"image_map", "bump_map", "material_map", "image_pattern",
                                                   "height_field"};

struct Token {
  enum class Kind { end, word, text, sign } kind = Kind::end;
  std::string_view text;   // of a text what stands in quotes, escapes and all
  bool directive = false;  // a word behind a #
  long line = 1, column = 1;
};

// POV-Ray's own tokens as far as names of files need them: comments nest.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Token next() {
    skip();
    Token token{.line = line_, .column = static_cast<long>(at_ - line_start_) + 1};
    if (at_ >= text_.size()) return token;
    const std::size_t from = at_;
    if (text_[at_] == '"') {
      token.kind = Token::Kind::text;
      for (step(); at_ < text_.size() && text_[at_] != '"'; step()) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) step();
      }
      token.text = text_.substr(from + 1, at_ - from - 1);
      if (at_ < text_.size()) step();
      return token;
    }
    if (text_[at_] == '#') {
      step();
      skip();
      token.directive = true;
    }
    const std::size_t word = at_;
    while (at_ < text_.size() &&
           (text_[at_] == '_' || std::isalnum(static_cast<unsigned char>(text_[at_])) != 0))
      step();
    if (at_ > word) {
      token.kind = Token::Kind::word;
      token.text = text_.substr(word, at_ - word);
      return token;
    }
    token.kind = Token::Kind::sign;
    token.text = text_.substr(from, 1);
    if (at_ == from) step();
    return token;
  }

 private:
  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }
  [[nodiscard]] bool stands(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  void skip() {
    while (at_ < text_.size()) {
      if (stands("//")) {
        while (at_ < text_.size() && text_[at_] != '\n') step();
      } else if (stands("/*")) {
        skip_comment();
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        step();
      } else {
        return;
      }
    }
  }
  void skip_comment() {
    std::size_t depth = 0;
    do {
      if (stands("/*")) ++depth;
      if (stands("*/")) --depth;
      const bool mark = stands("/*") || stands("*/");
      step();
      if (mark) step();
    } while (at_ < text_.size() && depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0, line_start_ = 0;
  long line_ = 1;
};

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '\\' && k + 1 < text.size() && (text[k + 1] == '"' || text[k + 1] == '\\')) ++k;
    out += text[k];
  }
  return out;
}

bool is_one_of(std::string_view word, auto& words) { return std::ranges::find(words, word) != words.end(); }

class Walk {
 public:
  Walk(const fs::path& scene, const std::vector<std::string>& own_folders)
      : folder_(scene.parent_path().empty() ? "." : scene.parent_path()), own_folders_(own_folders) {}

  Expected<RenderScene> run(const fs::path& scene) {
    out_.place = "hinterland/scene.pov";
    out_.files.push_back({.name = out_.place, .file = scene.string()});
    read(scene);
    // Includes of includes, however deep: read in turn, each once.
    while (!to_read_.empty()) {
      const fs::path next = to_read_.front();
      to_read_.pop_front();
      read(next);
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return out_;
  }

 private:
  void read(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    std::ifstream in(file, std::ios::binary);
    if (failed || !in || size > kMostBytes || out_.files.size() > kMostFiles) {
      add_error(errors_, {.what = "cannot be read, or is too large",
                          .where = {.file = file.string()},
                          .mend = "Is it a POV-Ray scene, and may you read it?"});
      return;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    out_.has_clock = out_.has_clock || povray_has_clock(text);
    for (const PovName& name : povray_names(text)) note(name, file.string());
  }

  void note(const PovName& named, const std::string& file) {
    const Location where{.file = file, .line = named.line, .column = named.column, .field = {}};
    if (named.name.empty()) {
      out_.unseen.push_back(where);
      return;
    }
    const auto complain = [&](const char* what, const char* mend) {
      add_error(errors_,
                {.what = fmt::format("{} {}", in_quotes(named.name), what), .where = where, .mend = mend});
    };
    if (std::ranges::any_of(named.name, [](unsigned char c) { return c < ' ' || c > '~'; }))
      return complain("holds a character that POV-Ray reads as a blank", "Name the file in ASCII.");
    const fs::path name = fs::path(named.name).lexically_normal();
    if (name.is_absolute() || *name.begin() == "..")
      return complain("leads out of the scene's folder",
                      "Put it beside the scene or below, and name it from there.");
    for (const fs::path& candidate : {name, fs::path(name.string() + ".inc")}) {
      std::error_code failed;
      const fs::path here = folder_ / candidate;
      if (!fs::is_regular_file(here, failed)) continue;
      if (!seen_.insert(candidate.string()).second) return;
      if (*candidate.begin() == "hinterland")
        return complain("is in a folder that the task needs for itself", "Call that folder otherwise.");
      out_.files.push_back({.name = candidate.string(), .file = here.string()});
      if (named.include) to_read_.push_back(here);
      return;
    }
    const bool is_povrays = std::ranges::any_of(own_folders_, [&](const std::string& folder) {
      std::error_code failed;
      return fs::exists(fs::path(folder) / name, failed) ||
             fs::exists(fs::path(folder) / (name.string() + ".inc"), failed);
    });
    if (!is_povrays && seen_.insert(name.string()).second)
      out_.missing.push_back({.name = name.string(), .named_at = where});
  }

  fs::path folder_;
  const std::vector<std::string>& own_folders_;
  RenderScene out_;
  std::set<std::string> seen_;
  std::deque<fs::path> to_read_;
  Errors errors_;
};

}  // namespace

std::vector<PovName> povray_names(std::string_view text) {
  std::vector<Token> tokens(2);  // before the first
  for (Tokens source(text); tokens.size() == 2 || tokens.back().kind != Token::Kind::end;)
    tokens.push_back(source.next());
  tokens.resize(tokens.size() + 3);  // behind the last
  std::vector<PovName> names;
  const auto note = [&](const Token& token, bool include) {
    const bool worked_out = token.kind == Token::Kind::word;
    if (!worked_out && (token.kind != Token::Kind::text || token.text.empty())) return;
    names.push_back({.name = worked_out ? std::string() : unescaped(token.text),
                     .include = include,
                     .line = token.line,
                     .column = token.column});
  };
  for (std::size_t k = 2; k + 3 < tokens.size(); ++k) {
    const Token& token = tokens[k];
    const bool opens = tokens[k - 1].text == "{";
    if (token.directive && token.text == "include") note(tokens[k + 1], true);
    // #fopen HANDLE "name" read
    const bool writes = tokens[k + 3].text == "write" || tokens[k + 3].text == "append";
    if (token.directive && token.text == "fopen" && !writes) note(tokens[k + 2], false);
    if (token.kind == Token::Kind::word && is_one_of(token.text, kKinds) &&
        (opens || tokens[k + 1].kind == Token::Kind::text))
      note(tokens[k + 1], false);
    if (token.kind == Token::Kind::text && opens && is_one_of(tokens[k - 2].text, kMaps)) note(token, false);
  }
  return names;
}

bool povray_has_clock(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kWords = {"clock", "frame_number", "initial_frame",
                                                             "final_frame"};
  Tokens source(text);
  for (Token token = source.next(); token.kind != Token::Kind::end; token = source.next()) {
    if (token.kind == Token::Kind::word && is_one_of(token.text, kWords)) return true;
  }
  return false;
}

std::vector<std::string> povray_folders() {
  std::vector<std::string> out;
  for (const char* const share : {"/usr/share", "/usr/local/share"}) {
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(share, failed)) {
      if (entry.path().filename().string().starts_with("povray") &&
          fs::is_directory(entry.path() / "include", failed))
        out.push_back((entry.path() / "include").string());
    }
  }
  std::ranges::sort(out);
  return out;
}

Expected<RenderScene> povray_scene(const std::string& file, const std::vector<std::string>& own_folders) {
  return Walk(file, own_folders).run(file);
}

}  // namespace hinterland
