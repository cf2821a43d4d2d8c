#include "hinterland/work/trace_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <numeric>

#include "hinterland/base/file.hpp"
#include "hinterland/base/record.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

Fields<TraceModel> trace_model_fields() {
  return {
      field("name", &TraceModel::name)
          .optional()
          .documented("what is modelled; the file's name if not given"),
      field("source", &TraceModel::source).optional().documented("where its figures come from"),
      field("licence", &TraceModel::licence).optional().documented("what the source allows"),
      field("zone", &TraceModel::zone).by_default("UTC").documented("zone of its hours and of start"),
      choice("calendar", &TraceModel::calendar, {"dated", "undated"})
          .by_default("dated")
          .documented("undated: hours count from the start, there are no weekdays"),
      field("start", &TraceModel::start)
          .by_default("2024-01-01T00:00:00")
          .documented("when a generated trace begins"),
      field("step_s", &TraceModel::step_s)
          .within(0.001, 3600)
          .by_default("1")
          .documented("submissions and runs are multiples of it"),
      field("levels", &TraceModel::levels).within(0, 1).documented("levels of all quantiles"),
  };
}

Fields<ArrivalModel> arrival_fields() {
  return {
      field("jobs_per_day", &ArrivalModel::jobs_per_day).within(1e-6, 1e12).documented("mean arrivals a day"),
      field("hours", &ArrivalModel::hours).within(0, 1e6).documented("24 factors, from midnight"),
      field("weekdays", &ArrivalModel::weekdays).within(0, 1e6).documented("7 factors, from Monday"),
      field("burst", &ArrivalModel::burst)
          .within(0, 5)
          .by_default("0")
          .documented("sigma of the hourly log rate"),
      field("burst_memory", &ArrivalModel::burst_memory)
          .within(0, 0.9999)
          .by_default("0")
          .documented("its correlation from one hour to the next"),
  };
}

Fields<BatchModel> batch_fields() {
  return {
      field("single", &BatchModel::single)
          .within(0, 1)
          .by_default("1")
          .documented("share of batches of one job"),
      field("sizes", &BatchModel::sizes).within(1, 1e9).documented("jobs of the other batches, quantiles"),
      field("gaps_s", &BatchModel::gaps_s)
          .within(0, 1e7)
          .documented("mean gap between a batch's jobs, quantiles"),
      field("size_gap", &BatchModel::size_gap)
          .within(-0.99, 0.99)
          .by_default("0")
          .documented("correlation of the scores of size and gap"),
  };
}

Fields<DependenceModel> dependence_fields() {
  const auto one = [](const char* name, double DependenceModel::* member) {
    return field(name, member).within(-0.99, 0.99).by_default("0").documented("correlation of their scores");
  };
  return {
      one("run_cores", &DependenceModel::run_cores),       one("run_gpus", &DependenceModel::run_gpus),
      one("run_memory", &DependenceModel::run_memory),     one("cores_gpus", &DependenceModel::cores_gpus),
      one("cores_memory", &DependenceModel::cores_memory), one("gpus_memory", &DependenceModel::gpus_memory)};
}

Fields<UserModel> user_fields() {
  return {
      field("count", &UserModel::count).within(0, 1e8).by_default("0").documented("how many; 0: not known"),
      field("shares", &UserModel::shares).within(0, 1).documented("shares of the jobs, of the busiest users"),
      field("repeats", &UserModel::repeats)
          .within(0, 1)
          .by_default("0")
          .documented("share of jobs that have the size of their user's job before"),
      field("run_persistence", &UserModel::run_persistence)
          .within(0, 0.99)
          .by_default("0")
          .documented("correlation of the runs' scores, given the size, from such a job to the next"),
  };
}

Fields<FitRecord> fit_record_fields() {
  const auto list = [](const char* name, std::vector<double> FitRecord::* member) {
    return field(name, member).documented("held-out third, two thirds before, model, baseline");
  };
  const auto distance = [](const char* name, std::vector<double> FitRecord::* member) {
    return field(name, member).documented("to the held-out third: two thirds before, model, baseline");
  };
  return {
      field("trace", &FitRecord::trace).optional().documented("the file it was fitted to"),
      field("command", &FitRecord::command).optional().documented("how"),
      field("jobs", &FitRecord::jobs).within(0, 1e12).by_default("0").documented("how many jobs it has"),
      field("first", &FitRecord::first).optional().documented("first submission"),
      field("last", &FitRecord::last).optional().documented("last submission"),
      field("batch_gap_s", &FitRecord::batch_gap_s)
          .within(0, 1e7)
          .by_default("0")
          .documented("jobs of one user no further apart were taken as one batch; 0: none were"),
      list("run_p10_s", &FitRecord::run_p10_s),
      list("run_p50_s", &FitRecord::run_p50_s),
      list("run_p90_s", &FitRecord::run_p90_s),
      list("run_p99_s", &FitRecord::run_p99_s),
      list("jobs_per_day", &FitRecord::jobs_per_day),
      list("dispersion", &FitRecord::dispersion),
      list("lag_1_h", &FitRecord::lag_1_h),
      list("lag_24_h", &FitRecord::lag_24_h),
      list("peak_to_mean", &FitRecord::peak_to_mean),
      distance("run_ks", &FitRecord::run_ks),
      distance("gap_ks", &FitRecord::gap_ks),
  };
}

namespace {

// Reads a model's tables; keeps where each begins, for what is checked afterwards.
class ModelReader {
 public:
  ModelReader(const TomlTable& document, std::string file, Errors& errors)
      : document_(document), file_(std::move(file)), errors_(errors) {}

  template <class Record>
  void top(Record& record, const Fields<Record>& fields, const std::vector<std::string>& tables) {
    TomlTable own{.where = document_.where, .entries = {}};
    for (const TomlEntry& entry : document_.entries) {
      const bool table = std::holds_alternative<TomlTable>(entry.value);
      const bool known = std::ranges::find(tables, entry.key) != tables.end();
      if (!table && !known) own.entries.push_back(entry);
      if (table == known) continue;
      if (known)
        complain(entry.where, "is a table", fmt::format("Write [{}] and its keys below.", entry.key));
      if (table && std::ranges::find(fields, entry.key, &Field::name) == fields.end())
        complain(entry.where, "unknown table", did_you_mean(entry.key, tables));
      else if (table)
        own.entries.push_back(entry);
    }
    read(record, fields, own);
  }

  // The table `name`, if it is there.
  template <class Record>
  void table(const char* name, Record& record, const Fields<Record>& fields, bool required) {
    const TomlEntry* entry = document_.find(name);
    const auto* own = entry == nullptr ? nullptr : std::get_if<TomlTable>(&entry->value);
    if (own != nullptr) read(record, fields, *own);
    if (entry == nullptr && required)
      complain({.file = file_, .line = 1, .field = name}, "the table is missing",
               fmt::format("Write [{}] and its keys below.", name));
  }

  // Where a table begins, its name as the field.
  [[nodiscard]] Location where(const char* name) const {
    const TomlEntry* entry = document_.find(name);
    Location at = entry == nullptr ? Location{.file = file_, .line = 1} : entry->where;
    at.field = name;
    return at;
  }
  void complain(const Location& at, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what), .where = at, .mend = std::move(mend)});
  }

 private:
  template <class Record>
  void read(Record& record, const Fields<Record>& fields, const TomlTable& table) {
    const auto row = parse_record(table, descriptions(fields));
    if (row) {
      fill(record, fields, *row);
    } else {
      add_errors(errors_, row.error());
    }
  }

  const TomlTable& document_;
  std::string file_;
  Errors& errors_;
};

void check_factors(const std::vector<double>& factors, std::size_t count, const char* name,
                   ModelReader& reader) {
  Location at = reader.where("arrivals");
  at.field = name;
  if (factors.empty()) return;
  if (factors.size() != count) {
    reader.complain(at, fmt::format("{} factors where {} are meant", factors.size(), count),
                    "Give one for each.");
  } else if (std::accumulate(factors.begin(), factors.end(), 0.0) <= 0) {
    reader.complain(at, "all factors are 0", "Let jobs arrive at some time.");
  }
}

void check_batches(const TraceModel& model, ModelReader& reader, Errors& errors) {
  const BatchModel& batches = model.batches;
  const Location at = reader.where("batches");
  if (batches.single == 1 && batches.sizes.empty() && batches.gaps_s.empty()) return;
  for (const auto* list : {&batches.sizes, &batches.gaps_s}) {
    Marginal marginal;
    marginal.quantiles = *list;
    Location field = at;
    field.field = list == &batches.sizes ? "sizes" : "gaps_s";
    if (list->empty()) {
      reader.complain(field, "is missing", "Batches of more than one job have sizes and gaps_s.");
    } else {
      check_marginal(marginal, model.levels, field, errors);
    }
  }
}

void check_calendar(TraceModel& model, ModelReader& reader, Errors& errors) {
  const auto keep = [&](const auto& result, const char* field) {
    if (result) return;
    Location at = reader.where(field);
    add_error(errors,
              {.what = result.error().front().what, .where = at, .mend = result.error().front().mend});
  };
  const auto zone = check_zone(model.zone);
  keep(zone, "zone");
  if (zone) {
    const auto start = parse_civil(model.start, model.zone);
    keep(start, "start");
    if (start && start->ms <= 0)
      reader.complain(reader.where("start"), "lies before 1970", "Traces count their seconds from there.");
  }
  if (model.calendar == TraceCalendar::undated && !model.arrivals.weekdays.empty()) {
    Location at = reader.where("arrivals");
    at.field = "weekdays";
    reader.complain(at, "an undated trace has no weekdays", "Remove them, or date the model.");
  }
}

void check_users(const TraceModel& model, ModelReader& reader) {
  Location at = reader.where("users");
  const auto& shares = model.users.shares;
  if (static_cast<double>(shares.size()) > model.users.count ||
      std::accumulate(shares.begin(), shares.end(), 0.0) > 1.01) {
    at.field = "shares";
    reader.complain(at, "more shares than users, or a sum above 1",
                    "Give count, and each user's share of the jobs.");
  }
  if (model.users.count != static_cast<double>(static_cast<long>(model.users.count))) {
    at.field = "count";
    reader.complain(at, "is not whole", "Give a whole number.");
  }
}

}  // namespace

ScoreMatrix score_matrix(const DependenceModel& dependence) {
  ScoreMatrix matrix = identity();
  const auto put = [&](std::size_t i, std::size_t j, double r) {
    matrix.at(i).at(j) = matrix.at(j).at(i) = r;
  };
  put(0, 1, dependence.cores_gpus);
  put(0, 2, dependence.cores_memory);
  put(1, 2, dependence.gpus_memory);
  put(0, 3, dependence.run_cores);
  put(1, 3, dependence.run_gpus);
  put(2, 3, dependence.run_memory);
  return matrix;
}

Instant TraceModel::begin() const {
  if (calendar == TraceCalendar::undated) return {0};
  return parse_civil(start, zone).value_or(Instant{0});
}

Expected<TraceModel> parse_trace_model(std::string_view toml, const std::string& file) {
  static const std::vector<std::string> kTables = {"arrivals",  "batches",    "run_s", "cores", "gpus",
                                                   "memory_gb", "dependence", "users", "fit"};
  const auto document = parse_toml(toml, file);
  if (!document) return std::unexpected(document.error());
  TraceModel model;
  model.file = file;
  Errors errors;
  ModelReader reader(*document, file, errors);
  reader.top(model, trace_model_fields(), kTables);
  reader.table("arrivals", model.arrivals, arrival_fields(), true);
  reader.table("batches", model.batches, batch_fields(), false);
  reader.table("dependence", model.dependence, dependence_fields(), false);
  reader.table("users", model.users, user_fields(), false);
  reader.table("fit", model.fit, fit_record_fields(), false);
  const std::array<std::pair<const char*, Marginal*>, 4> marginals = {{{"run_s", &model.run_s},
                                                                       {"cores", &model.cores},
                                                                       {"gpus", &model.gpus},
                                                                       {"memory_gb", &model.memory_gb}}};
  for (const auto& [name, marginal] : marginals)
    reader.table(name, *marginal, marginal_fields(), name == marginals[0].first);
  if (!errors.empty()) return std::unexpected(std::move(errors));

  if (!model.levels.empty()) check_levels(model.levels, reader.where("levels"), errors);
  for (const auto& [name, marginal] : marginals) {
    if (document->find(name) != nullptr) check_marginal(*marginal, model.levels, reader.where(name), errors);
  }
  check_factors(model.arrivals.hours, 24, "hours", reader);
  check_factors(model.arrivals.weekdays, 7, "weekdays", reader);
  check_batches(model, reader, errors);
  check_calendar(model, reader, errors);
  check_users(model, reader);
  if (ScoreMatrix factor; !cholesky(score_matrix(model.dependence), factor)) {
    reader.complain(reader.where("dependence"), "no quantities can be correlated like this",
                    "Bring the correlations nearer to 0.");
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  if (model.name.empty()) model.name = std::filesystem::path(file).stem().string();
  return model;
}

Expected<TraceModel> load_trace_model(const std::string& name, const std::string& models) {
  std::string file = name;
  if (!name.contains('/') && !name.ends_with(".toml")) {
    const auto names = preset_names(models);
    if (std::ranges::find(names, name) == names.end()) {
      return failure(
          {.what = in_quotes(name) + " is no model and no TOML file",
           .where = {},
           .mend = did_you_mean(name, names,
                                fmt::format("Models: {}. Or name a TOML file.", fmt::join(names, ", ")))});
    }
    file = models + "/" + name + ".toml";
  }
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_trace_model(*text, file);
}

}  // namespace hinterland
