// The user of a render, at a terminal or behind a pipe: a bar, lines on standard error, and the question whether the rest is rendered.
#pragma once
#include <optional>
#include <string>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/render_options.hpp"
#include "hinterland/render/prepared_render.hpp"
#include "hinterland/render/render_user.hpp"
#include "hinterland/render/told_estimate.hpp"

namespace hinterland {

Instant wall_clock();

class RenderTerminal final : public RenderUser {
 public:
  // All must outlive it.
  RenderTerminal(const RenderOptions& options, const Atlas& atlas, const PreparedRender& prepared,
                 std::optional<Instant> deadline)
      : options_(options), atlas_(atlas), prepared_(prepared), deadline_(deadline) {
    progress_.emplace();
  }

  // While a question is put and a line is written, Ctrl-C ends the program at once.
  bool step(std::string_view what, std::int64_t done, std::int64_t total) override;
  void say(const std::string& line) override;
  void say_beside(const std::string& detail) override;
  Expected<RestAnswer> ask_for_rest(const RenderManifest& manifest, const Frames& rest,
                                    double spent) override;

  // Takes the bar away, and with it the answer to Ctrl-C. True: it has come before.
  bool close();
  // What was told of the rest.
  [[nodiscard]] const std::optional<ToldEstimate>& estimate() const { return estimate_; }

 private:
  Expected<std::optional<ToldEstimate>> estimate_rest(const RenderManifest& manifest, const Frames& rest,
                                                      double spent) const;
  [[nodiscard]] std::optional<Hours> time_left() const;
  [[nodiscard]] RestAnswer::Kind decide(const ToldEstimate& told, std::size_t frames) const;

  const RenderOptions& options_;
  const Atlas& atlas_;
  const PreparedRender& prepared_;
  std::optional<Instant> deadline_;  // as it was when the program began, however long the first frames take
  std::optional<TerminalProgress> progress_;
  std::optional<ToldEstimate> estimate_;
};

}  // namespace hinterland
