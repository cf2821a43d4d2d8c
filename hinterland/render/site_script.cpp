#include "hinterland/render/site_script.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/executor/shell_word.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kBegin = R"sh(#!/bin/sh
# Renders the frames of one task (`hinterland render`): sh hinterland/run.sh SLOTS CHUNKS CORES
set -u
slots=$1 cores=$3
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin} HOME=${HOME:-$PWD/hinterland}
export PATH HOME
now() { date +%s%3N; }
digits() { case $2 in -*) printf -- '-%0*d' "$1" "${2#-}" ;; *) printf '%0*d' "$1" "$2" ;; esac; }
began=$(now)
set -- $(sed -n "$((HINTERLAND_TASK + 1))p" hinterland/chunks)
[ $# -gt 0 ] || { echo "hinterland: no frames for task $HINTERLAND_TASK" >&2; exit 1; }
mkdir -p hinterland/out hinterland/files
echo 'hinterland-frames 1' > hinterland/out/report
came=0 worst=0 slot=0
# FRAME STATUS MS FILE...: one file that is not empty is its image.
keep() {
  if [ "$2" -eq 0 ] && [ $# -eq 4 ] && [ -f "$4" ] && [ ! -h "$4" ] && [ -s "$4" ]; then
    mv -- "$4" "hinterland/out/$slot" && came=$((came + 1))
  else
    : > "hinterland/out/$slot"
    [ "$2" -eq 0 ] || worst=$2
  fi
  echo "$1 $2 $3" >> hinterland/out/report
  slot=$((slot + 1))
}
)sh";

constexpr std::string_view kEnd = R"sh(
while [ "$slot" -lt "$slots" ]; do : > "hinterland/out/$slot"; slot=$((slot + 1)); done
echo "all $(($(now) - began))" >> hinterland/out/report
[ "$came" -gt 0 ] && exit 0
[ "$worst" -gt 0 ] && exit "$worst"
echo 'hinterland: it ended with status 0 and left no image' >&2
exit 1
)sh";

std::string call_of(const std::vector<SiteWord>& words) {
  std::string text;
  for (const SiteWord& word : words) text += (text.empty() ? "" : " ") + shell_text(word);
  return text;
}

std::string scene_of(const std::string& scene) { return "scene=$PWD/" + shell_word(scene) + "\n"; }

}  // namespace

std::string site_script(const std::vector<SiteWord>& words, const std::string& scene,
                        const std::string& image, const std::vector<SiteFile>& files) {
  std::string write;
  for (const SiteFile& file : files)
    write += fmt::format("  rm -f {0}; printf %s {1} > {0} && chmod {2} {0}\n", shell_word(file.place),
                         shell_text(file.data), file.runnable ? "500" : "400");
  return std::string(kBegin) + scene_of(scene) +
         fmt::format(R"sh(output=$PWD/hinterland/new/frame.{}
for frame; do
  rm -rf hinterland/new
  mkdir hinterland/new
  from=$(now)
{}  {} </dev/null
  code=$?
  [ "$code" -ne 75 ] || exit 75
  keep "$frame" "$code" $(($(now) - from)) hinterland/new/*
done)sh",
                     image, write, call_of(words)) +
         std::string(kEnd);
}

std::string site_script_of_lists(const std::vector<SiteWord>& words, const std::string& scene,
                                 const std::string& image) {
  return std::string(kBegin) + scene_of(scene) +
         fmt::format(R"sh(output=$PWD/hinterland/new/
rm -rf hinterland/new
mkdir hinterland/new
: > hinterland/times
frame=$(printf %s "$*" | tr ' ' ,)
{} </dev/null
code=$?
[ "$code" -ne 75 ] || exit 75
# Of one that crashed half-way, what is whole is kept; what took no time was not begun.
for frame; do
  image=hinterland/new/$(digits 8 "$frame").{}
  ms=$(sed -n "s/^$frame \([0-9]*\)$/\1/p" hinterland/times | tail -n 1)
  if [ -s "$image" ] && [ -n "$ms" ]; then
    keep "$frame" 0 "$ms" "$image"
  else
    keep "$frame" $((code == 0 ? 1 : code)) "${{ms:-0}}"
  fi
done)sh",
                     call_of(words), image) +
         std::string(kEnd);
}

std::string chunks_text(const std::vector<Chunk>& chunks) {
  std::string text;
  for (const Chunk& chunk : chunks) {
    for (std::size_t k = 0; k < chunk.size(); ++k)
      text += (k == 0 ? "" : " ") + std::to_string(chunk[k].number);
    text += '\n';
  }
  return text;
}

Expected<std::vector<Chunk>> parse_chunks_text(std::string_view text, const std::string& where) {
  std::vector<Chunk> chunks;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string line(text.substr(0, end));
    std::ranges::replace(line, ' ', ',');
    auto chunk = parse_frames(line, where);
    if (!chunk || end == std::string_view::npos || chunk->size() > kMostChunk || line.contains('\t')) {
      return failure(
          {.what = "is no list of chunks",
           .where = {.file = where, .line = static_cast<long>(chunks.size()) + 1, .column = 0, .field = {}},
           .mend =
               "It is written by `hinterland render`: a line a task, with its frames and blanks between."});
    }
    chunks.push_back(std::move(*chunk));
    text.remove_prefix(end + 1);
  }
  return chunks;
}

std::string slot_of(std::size_t place) { return fmt::format("hinterland/out/{}", place); }

namespace {

std::size_t slots_of(const std::vector<Chunk>& chunks) {
  return std::ranges::max(chunks, {}, &Chunk::size).size();
}

}  // namespace

std::vector<std::string> site_command(const std::vector<Chunk>& chunks, const std::string& chunks_hash,
                                      std::uint32_t cores) {
  return {"/bin/sh", std::string(kSiteScript), std::to_string(slots_of(chunks)), chunks_hash,
          std::to_string(cores)};
}

std::vector<std::string> site_outputs(const std::vector<Chunk>& chunks) {
  std::vector<std::string> outputs = {std::string(kSiteReport)};
  for (std::size_t place = 0; place < slots_of(chunks); ++place) outputs.push_back(slot_of(place));
  return outputs;
}

}  // namespace hinterland
