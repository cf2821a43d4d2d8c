// A trace model as the text of its file.
#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kLineWidth = 110;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out + '"';
}

std::string number(double value) { return shortest(five_digits(value)); }

std::string list(const std::vector<double>& numbers) {
  std::string out = "[", line;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::string item = number(numbers[i]);
    if (i + 1 < numbers.size()) item += ',';
    if (line.size() + item.size() > kLineWidth) {
      out += line + "\n ";
      line.clear();
    }
    if (!out.ends_with('[') || !line.empty()) line += ' ';
    line += item;
  }
  return out + line + "]";
}

// What differs from a record that says nothing.
template <class Record>
std::string lines(const Record& record, const Fields<Record>& fields) {
  std::string out;
  const Record silent{};
  for (const auto& field : fields) {
    const FieldValue value = field.get(record);
    if (value == field.get(silent) && !(field.required && field.kind == FieldKind::number)) continue;
    std::string text;
    if (const auto* single = std::get_if<double>(&value)) text = number(*single);
    if (const auto* word = std::get_if<std::string>(&value)) text = quoted(*word);
    if (const auto* numbers = std::get_if<std::vector<double>>(&value)) text = list(*numbers);
    if (!text.empty()) out += fmt::format("{} = {}\n", field.name, text);
  }
  return out;
}

template <class Record>
std::string table(const char* name, const Record& record, const Fields<Record>& fields) {
  const std::string inside = lines(record, fields);
  return inside.empty() ? inside : fmt::format("\n[{}]\n{}", name, inside);
}

}  // namespace

std::string trace_model_toml(const TraceModel& model) {
  static constexpr const char* kFitted =
      "# Fitted by `hinterland trace fit`; docs/traces.md explains the keys. Lists under [fit] are figures "
      "of the last\n"
      "# third of the trace, of the two thirds before it, of the model and of the baseline fitted to these; "
      "distances\n"
      "# (ks) are to the last third. The model itself is fitted to all jobs.\n";
  return (model.fit.command.empty() ? "" : kFitted) + lines(model, trace_model_fields()) +
         table("arrivals", model.arrivals, arrival_fields()) +
         table("batches", model.batches, batch_fields()) + table("run_s", model.run_s, marginal_fields()) +
         table("cores", model.cores, marginal_fields()) + table("gpus", model.gpus, marginal_fields()) +
         table("memory_gb", model.memory_gb, marginal_fields()) +
         table("dependence", model.dependence, dependence_fields()) +
         table("users", model.users, user_fields()) + table("fit", model.fit, fit_record_fields());
}

}  // namespace hinterland
