// Which files a POV-Ray scene reads: those that it names, each once, and what is wrong with the others.
#include "hinterland/render/povray_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

// "3:7 sky.png", "3:7 colors.inc include", "3:7 ?"
std::vector<std::string> names(const char* text) {
  std::vector<std::string> out;
  for (const PovName& name : povray_names(text))
    out.push_back(fmt::format("{}:{} {}{}", name.line, name.column, name.name.empty() ? "?" : name.name,
                              name.include ? " include" : ""));
  return out;
}

using List = std::vector<std::string>;

class Folder {
 public:
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  fs::path path = fs::temp_directory_path() / "hinterland-povray 雪";
};

std::string all(const Errors& errors, const fs::path& folder) {
  std::string out;
  for (const Error& error : errors) out += describe(error).substr(folder.string().size() + 1) + "\n";
  return out;
}

}  // namespace

TEST_CASE("what stands in quotes where a file belongs") {
  CHECK(names("#include \"colors.inc\"") == List{"1:10 colors.inc include"});
  CHECK(names("# include\n  \"a b.inc\"") == List{"2:3 a b.inc include"});
  CHECK(names("pigment { image_map { png \"sky.png\" interpolate 2 } }") == List{"1:27 sky.png"});
  CHECK(names("image_map{\"sky.png\"}") == List{"1:11 sky.png"});
  CHECK(names("density_file df3 \"smoke.df3\"") == List{"1:18 smoke.df3"});
  CHECK(names("text { ttf \"font.ttf\" \"not a file.png\" 1, 0 }") == List{"1:12 font.ttf"});
  CHECK(names("#fopen F \"path.txt\" read") == List{"1:10 path.txt"});
  CHECK(names("#fopen F \"log.txt\" write\n#fopen G \"log.txt\" append").empty());
  CHECK(names("png \"a\\\"b\\\\c.png\"") == List{"1:5 a\"b\\c.png"});
}

TEST_CASE("what is worked out is listed with its place") {
  CHECK(names("#include Lib") == List{"1:10 ? include"});
  CHECK(names("image_map { png concat(\"sky\", str(frame_number, 4, 0), \".png\") }") == List{"1:17 ?"});
  CHECK(names("#fopen F Path read") == List{"1:10 ?"});
}

TEST_CASE("comments, texts and other words name no file") {
  CHECK(names("// #include \"a.inc\"\n/* png \"b.png\" /* nested */ #include \"c.inc\" */ #debug \"png "
              "\\\"d.png\\\"\"")
            .empty());
  CHECK(names("#declare png = 3; #declare include = png;").empty());
  CHECK(names("#if (png < 2) #end").empty());
  CHECK(names("\"never closed").empty());
  CHECK(names("/* never closed").empty());
  CHECK(names("#").empty());
  CHECK(names("#include").empty());
}

TEST_CASE("whether a scene asks for the clock is in its words, and not in its comments and texts") {
  CHECK(povray_has_clock("sphere { y * clock, 1 }"));
  CHECK(povray_has_clock("#if (frame_number > 3) #end"));
  CHECK_FALSE(povray_has_clock("// clock\n#debug \"clock\" #declare clockwork = 1;"));
}

TEST_CASE("a scene's files: its own, its includes' and no others") {
  const Folder folder;
  folder.put("a scene.pov",
             "#include \"colors.inc\"\n#include \"parts/rock.inc\"\nimage_map { png \"tex/sky.png\" }\n"
             "image_map { png \"tex/gone.png\" } image_map { png \"./tex/sky.png\" }\n#include Later\n");
  folder.put("parts/rock.inc", "#include \"parts/rock.inc\"\n#include \"parts/moss\"\n");
  folder.put("parts/moss.inc", "height_field { png \"tex/moss.png\" }");
  folder.put("tex/sky.png", "x");
  folder.put("other.png", "x");
  folder.put("own/colors.inc", "");
  const auto scene = povray_scene((folder.path / "a scene.pov").string(), {(folder.path / "own").string()});
  REQUIRE(scene.has_value());
  List files;
  for (const SceneFile& one : scene->files) files.push_back(one.name);
  CHECK(files == List{"hinterland/scene.pov", "parts/rock.inc", "tex/sky.png", "parts/moss.inc"});
  CHECK(scene->files[0].file == (folder.path / "a scene.pov").string());
  REQUIRE(scene->missing.size() == 2);
  CHECK(scene->missing[0].name == "tex/gone.png");
  CHECK(scene->missing[0].named_at.line == 4);
  CHECK(scene->missing[1].name == "tex/moss.png");
  CHECK(scene->missing[1].named_at.file == (folder.path / "parts/moss.inc").string());
  REQUIRE(scene->unseen.size() == 1);
  CHECK(scene->unseen[0].line == 5);
}

TEST_CASE("names that mean nothing elsewhere are refused with their place") {
  const Folder folder;
  folder.put("s.pov",
             "image_map{png \"/srv/sky.png\"}\n image_map{png \"../sky.png\"}\nimage_map{png \"图.png\"}\n"
             "image_map{png \"a/../../b.png\"} #include \"hinterland/x.inc\"");
  folder.put("hinterland/x.inc", "");
  const auto scene = povray_scene((folder.path / "s.pov").string(), {});
  REQUIRE_FALSE(scene.has_value());
  CHECK(all(scene.error(), folder.path) ==
        "s.pov:1:15: '/srv/sky.png' leads out of the scene's folder. Put it beside the scene or below, and "
        "name it from "
        "there.\n"
        "s.pov:2:16: '../sky.png' leads out of the scene's folder. Put it beside the scene or below, and "
        "name it from "
        "there.\n"
        "s.pov:3:15: '图.png' holds a character that POV-Ray reads as a blank. Name the file in ASCII.\n"
        "s.pov:4:15: 'a/../../b.png' leads out of the scene's folder. Put it beside the scene or below, and "
        "name it from "
        "there.\n"
        "s.pov:4:41: 'hinterland/x.inc' is in a folder that the task needs for itself. Call that folder "
        "otherwise.\n");
  CHECK_FALSE(povray_scene((folder.path / "none.pov").string(), {}).has_value());
}
