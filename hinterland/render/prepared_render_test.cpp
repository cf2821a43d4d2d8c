// A scene made ready: what goes along, under which names, and what is refused before anything goes.
#include "hinterland/render/prepared_render.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

struct Desk {
  fs::path home = fs::temp_directory_path() / ("hinterland-prepared-" + std::to_string(getpid()));
  SceneRequest request;

  Desk() {
    fs::remove_all(home);
    fs::create_directories(home / "maps");
    put("s.txt", "a scene");
    put("maps/a.png", "a");
    request.file = (home / "s.txt").string();
    request.frames = "1-9";
    request.command = {"draw", "{frame}", "{output}"};
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() { fs::remove_all(home); }
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(home / name) << text;
    return (home / name).string();
  }
  [[nodiscard]] Expected<PreparedRender> prepare() const {
    const auto folder = RenderFolder::open((home / "out").string(), "shot");
    SilentProgress silent;
    return prepare_render(request, folder.value(), {}, silent);
  }
  [[nodiscard]] std::string names() const {
    std::string all;
    const auto prepared = prepare();
    for (const SceneFile& file : prepared.value().files) all += file.name + " ";
    return all;
  }
  [[nodiscard]] std::string problem() const {
    const auto prepared = prepare();
    return prepared ? "none" : describe(prepared.error().front());
  }
};

}  // namespace

TEST_CASE("files go along as they lie beside the scene, or as they are told to, each by its bytes") {
  Desk desk;
  desk.request.inputs = {(desk.home / "maps" / "a.png").string(),
                         "b c.png=" + (desk.home / "maps" / "a.png").string()};
  CHECK(desk.names() == "b c.png hinterland/run.sh maps/a.png s.txt ");
  const PreparedRender prepared = desk.prepare().value();
  CHECK(prepared.ask.inputs.size() == 4);
  CHECK(prepared.ask.inputs[0].object.hash == prepared.ask.inputs[2].object.hash);
  CHECK(prepared.ask.frames.size() == 9);
  CHECK(prepared.ask.renderer == Renderer::command);
  // The same again is the same; another word, or another byte, is not.
  const std::string digest = digest_of(prepared.ask);
  CHECK(digest_of(desk.prepare().value().ask) == digest);
  desk.put("maps/a.png", "b");
  CHECK(digest_of(desk.prepare().value().ask) != digest);
}

TEST_CASE("what cannot be told apart or would lie elsewhere is refused") {
  Desk desk;
  desk.request.inputs = {desk.home.parent_path().string() + "/elsewhere"};
  CHECK(desk.problem().contains("lies outside the scene's folder"));
  desk.request.inputs = {"hinterland/run.sh=" + desk.request.file};
  CHECK(desk.problem().contains("would lie where the task has its own files"));
  desk.request.inputs = {"s.txt=" + (desk.home / "maps" / "a.png").string()};
  CHECK(desk.problem().contains("comes to the place of another file, 's.txt'"));
  desk.request.inputs = {"x=" + (desk.home / "none").string()};
  CHECK(desk.problem() != "none");
}

TEST_CASE("flags that do not go with the renderer are named") {
  Desk desk;
  desk.request.command = {"draw", "{frame}"};
  CHECK(desk.problem().starts_with("--: the command does not say where the frame's number and its file go"));
  desk.request.command = {};
  CHECK(desk.problem().starts_with("SCENE: it is neither a .blend, a .pov nor a template"));
  desk.request.command = {"draw", "{frame}", "{output}"};
  desk.request.size = "640";
  CHECK(desk.problem().starts_with("--size: '640' is no size in pixels"));
  desk.request.size = "64x36";
  desk.request.frames = "";
  CHECK(desk.problem().starts_with("--frames: which frames are to be rendered is not said"));
}

TEST_CASE("POV-Ray's words: the clock runs over the animation, one frame at a time") {
  Desk desk;
  desk.request.file = desk.put("sea.pov", "sphere { 0, 1 }\n");
  desk.request.command = {};
  CHECK(desk.problem().starts_with("--size: a POV-Ray scene does not say how large its frames are"));
  desk.request.size = "64x36";
  desk.request.animation = "1-4";
  CHECK(desk.problem().starts_with("--animation: does not hold all frames"));
  desk.request.animation = "1-96";
  const PreparedRender prepared = desk.prepare().value();
  CHECK(prepared.wanted.size == PixelSize{.width = 64, .height = 36});
  CHECK(prepared.ask.renderer == Renderer::povray);
  desk.request.image = "gif";
  CHECK(desk.problem().starts_with("--image: POV-Ray does not write it"));
}

TEST_CASE("a scene that is not there, or has nothing in it, is that and nothing else") {
  Desk desk;
  desk.request.command.clear();
  desk.request.size = "8x8";
  desk.request.file = (desk.home / "none.pov").string();
  CHECK(desk.problem().contains("none.pov: is not here"));
  desk.request.file = desk.put("empty.blend", "");
  CHECK(desk.problem().contains("empty.blend: is empty"));
  desk.request.file = desk.home.string();
  CHECK(desk.problem().contains("is no file"));
}

TEST_CASE("over which frames POV-Ray's clock runs is said, and a frame alone does not say it") {
  Desk desk;
  desk.request.command.clear();
  desk.request.size = "8x8";
  desk.request.file = desk.put("a.pov", "sphere { y * clock, 1 }");
  const auto prepare = [&] {
    std::vector<std::string> notes;
    const auto folder = RenderFolder::open((desk.home / "out").string(), "shot");
    SilentProgress silent;
    const auto made = prepare_render(desk.request, folder.value(),
                                     {"", [&](const std::string& note) { notes.push_back(note); }}, silent);
    if (!made) notes.push_back(describe(made.error().front()));
    return notes;
  };
  REQUIRE(prepare().size() == 1);
  CHECK(prepare().front().contains("the clock runs from 0 to 1 over frames 1-9; --animation says otherwise"));
  desk.request.frames = "4";
  REQUIRE(prepare().size() == 1);
  CHECK(prepare().front().starts_with("--animation: "));
  desk.request.animation = "1-9";
  CHECK(prepare().empty());
  desk.request.animation.clear();
  desk.put("a.pov", "sphere { y, 1 }");
  CHECK(prepare().empty());
}
