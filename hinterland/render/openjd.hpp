// Job templates of OpenJD, version 2023-09 (Open Job Description, "2023-09 Template Schemas"), as far as they render frames.
//
// Read: a job of one step with one INT task parameter, which is the frame; STRING, PATH, INT and FLOAT job parameters with all their
// bounds; embedded files; `onRun` with its timeout; of the host's requirements amount.worker.vcpu and amount.worker.memory at
// their least. Format strings with Param, RawParam, Task.Param, Task.RawParam, Task.File and Session.WorkingDirectory.
//
// A PATH parameter says where bytes go (dataFlow, objectType):
//
//   IN    FILE or DIRECTORY   goes along, as inputs/NAME/...; Param.NAME is where it lies at the site
//   OUT   DIRECTORY           where the frame's image is to be left; one file, whatever it is called
//   OUT   FILE                the file of the frame's image
//   NONE                      is there already, under the same path at every site
//
// All else (environments, more steps, dependencies, extensions, more task parameters, INOUT, what a template has that the schema
// has not) is refused by its name and place: no part of a job is left out in silence.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/time.hpp"
#include "hinterland/render/frames.hpp"
#include "hinterland/render/site_script.hpp"

namespace hinterland {

// Something at home that goes along: a file, or all that a folder holds.
struct OpenJdInput {
  std::string place, file;  // in the task's folder; as the template or the user names it
  bool folder = false;
  bool given = false;  // by the user, from the working folder on; else by the template, from its own
  Location where;
};

struct OpenJdRender {
  std::string name;
  Frames frames;  // in rising order, as the specification has it
  std::vector<SiteWord> words;
  std::vector<SiteFile> files;
  std::vector<OpenJdInput> inputs;
  std::optional<Duration> timeout;  // of a frame
  std::optional<double> cores, memory_gb;
};

// `values`: of job parameters, by name. Fails, all problems listed and located.
Expected<OpenJdRender> parse_openjd(std::string_view text, const std::string& file,
                                    const std::map<std::string, std::string>& values);

}  // namespace hinterland
