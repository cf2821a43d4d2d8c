// hinterland token: who may use a broker over the network.
#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/serve/tokens.hpp"

namespace hinterland {

namespace {

struct TokenOptions {
  std::string file = "tokens.toml";
  TokenEntry entry;
  double days = 0;
};

Expected<Tokens> read_tokens(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return Tokens{};
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return Tokens::parse(*text, file);
}

// Beside it first, so that a broker that reads it sees the old file or the new one; nobody else may read it.
Expected<void> replace(const std::string& file, const std::string& text) {
  const std::string fresh = file + ".new";
  const mode_t before = ::umask(0077);
  std::ofstream to(fresh, std::ios::binary | std::ios::trunc);
  to << text;
  to.close();
  ::umask(before);
  if (!to || std::rename(fresh.c_str(), file.c_str()) != 0)
    return failure({.what = "It cannot be written.", .where = {.file = file}, .mend = "", .outside = true});
  return {};
}

int make(const TokenOptions& options) {
  const auto tokens = read_tokens(options.file);
  if (!tokens) return report(tokens.error());
  std::vector<TokenEntry> entries = tokens->entries();
  if (std::ranges::find(entries, options.entry.key, &TokenEntry::key) != entries.end())
    return report({{.what = fmt::format("There is a token named {}.", options.entry.key),
                    .where = {.file = options.file},
                    .mend = "Revoke it first, or name another."}});
  TokenEntry entry = options.entry;
  if (options.days > 0) {
    const Instant now{std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count()};
    constexpr double hours = 24;
    entry.expires = format_civil(now + from_hours(Hours{options.days * hours}), "UTC").substr(0, 19);
  }
  auto made = new_token(entry);
  if (!made) return report(made.error());
  entries.push_back(std::move(made->entry));
  if (const auto written = replace(options.file, tokens_toml(entries)); !written)
    return report(written.error());
  fmt::print("{}\n", made->token);
  fmt::print(stderr, "hinterland: this is shown once; {} keeps its digest only.\n", options.file);
  return kDone;
}

int revoke(const TokenOptions& options) {
  const auto tokens = read_tokens(options.file);
  if (!tokens) return report(tokens.error());
  std::vector<TokenEntry> entries = tokens->entries();
  if (std::erase_if(entries, [&](const TokenEntry& one) { return one.key == options.entry.key; }) == 0)
    return report({{.what = fmt::format("There is no token named {}.", options.entry.key),
                    .where = {.file = options.file},
                    .mend = "`hinterland token list` names them."}});
  if (const auto written = replace(options.file, tokens_toml(entries)); !written)
    return report(written.error());
  return kDone;
}

int list(const TokenOptions& options) {
  const auto text = read_text(options.file);
  if (!text) return report(text.error());
  const auto tokens = Tokens::parse(*text, options.file);
  if (!tokens) return report(tokens.error());
  TableBlock table{.caption = {"Tokens", "令牌"},
                   .columns = {{"name"}, {"role"}, {"projects"}, {"expires (UTC)"}},
                   .rows = {}};
  for (const TokenEntry& entry : tokens->entries()) {
    std::string projects;
    for (const std::string& project : entry.projects) projects += (projects.empty() ? "" : ", ") + project;
    table.rows.push_back({entry.key, name_of(entry.role), projects.empty() ? "all" : projects,
                          entry.expires.empty() ? "never" : entry.expires});
  }
  print({.title = {}, .blocks = {std::move(table)}});
  return kDone;
}

}  // namespace

void add_token(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* verb = app.add_subcommand("token", "who may use a broker over the network");
  verb->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const TokenOptions&)) {
    CLI::App* one = verb->add_subcommand(name, what);
    one->add_option("--file", options->file, "that the broker has as --tokens")
        ->capture_default_str()
        ->type_name("TOKENS.toml");
    one->callback([options, run, &exit_code] { exit_code = run(*options); });
    return one;
  };
  CLI::App* fresh = add("new", "make one, and print it: it is shown once", make);
  fresh->add_option("name", options->entry.key, "whose: letters, digits, `-` and `.`")
      ->required()
      ->type_name("NAME");
  fresh
      ->add_option_function<std::string>(
          "--role",
          [options](const std::string& role) {
            options->entry.role = role == "operator"    ? Role::operates
                                  : role == "submitter" ? Role::submits
                                                        : Role::views;
          },
          "viewer, submitter or operator; each may do what those before may")
      ->required()
      ->check(CLI::IsMember({"viewer", "submitter", "operator"}))
      ->type_name("ROLE");
  fresh->add_option("--project", options->entry.projects, "that it is for; else for all, and for the pools")
      ->type_name("PROJECT");
  fresh->add_option("--days", options->days, "it expires after so many; else never")
      ->check(CLI::Range(0.001, 36'500.0))
      ->type_name("DAYS");
  add("list", "those of the file", list);
  add("revoke", "one is of no use any more, at once", revoke)
      ->add_option("name", options->entry.key, "whose")
      ->required()
      ->type_name("NAME");
  verb->footer(
      "Exit status: 0 done, 2 bad usage or file, 3 it cannot be written.\n\n"
      "Examples:\n"
      "  $ hinterland token new alice --role submitter --project film --days 90\n"
      "  hinterland broker --sites SITES.toml --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem "
      "--tokens "
      "tokens.toml\n"
      "  HINTERLAND_TOKEN=hl_alice_... hinterland jobs --broker https://HOST:8443");
}

}  // namespace hinterland
