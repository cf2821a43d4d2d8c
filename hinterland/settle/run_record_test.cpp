#include "hinterland/settle/run_record.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hinterland/base/file.hpp"
#include "hinterland/settle/canonical_json.hpp"
#include "hinterland/settle/test_journal.hpp"

namespace hinterland {

using test::deal;
using test::KeptDesk;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

SecretKey key_of(unsigned char byte) {
  std::array<unsigned char, kKeyBytes> seed{};
  seed.fill(byte);
  return SecretKey(seed);
}

const AskedWork kWork{.name = "Shot 12",
                      .folder = "",
                      .command = {"render", "--frame", "1"},
                      .variables = {"LICENCE"},
                      .inputs = {{"shot.blend", std::string(64, 'a')}},
                      .outputs = {"frame.png"}};

MeteredJob metered_job(KeptDesk& books, JobNumber job) {
  SilentProgress silent;
  auto metered = read_metered_job(books.journal, job, silent);
  REQUIRE(metered);
  return std::move(*metered);
}

std::string record_of(KeptDesk& books, JobNumber job, const SecretKey& key = key_of(1)) {
  const auto record = run_record(metered_job(books, job), kWork, key, "journal.db");
  REQUIRE(record);
  return *record;
}

// Three tasks, of which two failed once, under two owners.
std::string a_record() {
  KeptDesk books;
  const JobNumber job = books.submit(3, 2);
  books.end(AttemptId{1}, Cause::failed);
  books.begin_again(deal("acme", "line"), deal("new", "wire"));
  books.end(AttemptId{2}, Cause::failed);
  books.end_all();
  return record_of(books, job);
}

bool good(const std::string& text, const SecretKey& key = key_of(1)) {
  const auto check = verify_record(text, "run.json", key.public_key());
  return check && check->wrong.empty();
}

// What verify_record() says: `wrong`, or that it is no record.
std::string verdict(const std::string& text) {
  const auto check = verify_record(text, "run.json", key_of(1).public_key());
  return check ? check->wrong : "no record: " + describe(check.error().front());
}

// Changed and signed again, by somebody who has the key: only its sums can give it away.
std::string forged(const std::string& text, const std::function<void(Json&)>& change) {
  Json json = Json::parse(text);
  change(json);
  json.erase("signature");
  json["signature"] = key_of(1).sign(canonical(json));
  return canonical(json) + "\n";
}

// A folder that is gone at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("hinterland-keys-" + std::to_string(getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directory(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string file(const char* name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("a record says what ran, where, for how much and who is owed, and holds") {
  const std::string text = a_record();
  REQUIRE(good(text));
  const Json json = Json::parse(text);
  CHECK(json["job"]["name"] == "Shot 12");
  CHECK(json["job"]["state"] == "done");
  CHECK(json["job"]["variables"] == Json{"LICENCE"});
  CHECK_FALSE(text.contains("--frame"));  // only the digest of it
  REQUIRE(json["attempts"].size() == 5);
  CHECK(json["attempts"][0]["cause"] == "failed");
  CHECK(json["attempts"][0]["owner"] == "bolt");
  CHECK(json["attempts"][4]["owner"] == "new");
  CHECK(json["attempts"][4]["host"] == "a");
  std::int64_t total = 0;
  for (const Json& attempt : json["attempts"]) total += attempt["bill"]["total"].get<std::int64_t>();
  CHECK(json["bill"]["total"] == total);
  CHECK(json["parties"].size() == 4);  // film, bolt, new, wire
  CHECK(json["journal"]["name"] == "books");
  CHECK(json["journal"]["first_step"] < json["journal"]["last_step"]);
  const auto check = verify_record(text, "run.json", key_of(1).public_key());
  CHECK(check->total == total);
  CHECK(check->attempts == 5);
}

TEST_CASE("a record is the same whenever it is made, whatever else happened since") {
  KeptDesk books;
  const JobNumber job = books.submit(2);
  books.end_all();
  const std::string then = record_of(books, job);
  books.begin_again(deal("other", "line"), deal("new", "wire"));
  books.submit(3);
  books.end_all();
  CHECK(record_of(books, job) == then);
  SilentProgress silent;
  CHECK_FALSE(read_metered_job(books.journal, JobNumber{9}, silent));
}

TEST_CASE("every change of a byte is noticed, and every cut") {
  const std::string text = a_record();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x04U, 0x20U, 0x80U}) {
      std::string other = text;
      other[at] = static_cast<char>(static_cast<unsigned char>(other[at]) ^ flip);
      REQUIRE_MESSAGE(!good(other), "byte " << at << " ^ " << flip);
    }
  }
  for (std::size_t size = 0; size < text.size(); size += 7) REQUIRE_FALSE(good(text.substr(0, size)));
  CHECK_FALSE(good(text.substr(0, text.size() - 1)));
  CHECK_FALSE(good(text + "\n"));
  CHECK_FALSE(good(" " + text));
  CHECK_FALSE(good(text, key_of(2)));
  CHECK(verdict(text.substr(0, text.size() / 2)).contains("no JSON"));
}

TEST_CASE("one who has the key cannot sign sums that do not hold") {
  const std::string text = a_record();
  CHECK(good(forged(text, [](Json&) {})));
  CHECK(
      verdict(forged(text, [](Json& json) { json["attempts"][0]["bill"]["energy"] = 1; })).contains("total"));
  CHECK(verdict(forged(text, [](Json& json) { json["bill"]["kwh"] = 1; })) ==
        "Its attempts are not its bill.");
  CHECK(verdict(forged(text, [](Json& json) { json["attempts"].erase(0); })) ==
        "Its attempts are not its bill.");
  CHECK(
      verdict(forged(text, [](Json& json) { json["attempts"][0]["owner"] = "thief"; })).contains("parties"));
  CHECK(verdict(forged(text, [](Json& json) { json["parties"][0]["money"] = 1; })).contains("parties"));
  CHECK(verdict(forged(text, [](Json& json) { json["job"]["project"] = "lab"; })).contains("parties"));
}

TEST_CASE("nor what no broker can have had") {
  const std::string text = a_record();
  const auto of_first = [&](const char* name, const Json& value) {
    return verdict(forged(text, [&](Json& json) { json["attempts"][0][name] = value; }));
  };
  CHECK(of_first("task", 3) == "Attempt 1: there is no task 3.");
  CHECK(of_first("task", -1).contains("no task -1"));
  CHECK(of_first("ran_ms", -1).contains("ended before it began"));
  CHECK(of_first("ended_ms", 0).contains("ended before it began"));
  CHECK(of_first("cause", "bored").contains("no cause of an end"));
  CHECK(of_first("attempt", 2) == "Attempt 2: it is there twice.");
  CHECK(verdict(forged(text, [](Json& json) {
          json["attempts"][4]["cause"] = "lost";
        })).contains("its site's fault, and was billed"));
  CHECK(verdict(forged(text, [](Json& json) {
          json["attempts"][0]["bill"]["kwh"] = -1;
        })).contains("less than nothing"));
  CHECK(verdict(forged(text, [](Json& json) { json["job"]["state"] = "running"; })).contains("is over"));
  const auto check = verify_record(text, "run.json", key_of(1).public_key());
  CHECK(check->state == "done");
  CHECK(check->step == Json::parse(text)["journal"]["last_step"]);
}

TEST_CASE("what is no record is refused for what it is") {
  const std::string text = a_record();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    const std::size_t at = other.find(from);
    REQUIRE(at != std::string::npos);
    return other.replace(at, from.size(), to);
  };
  CHECK(verdict(with("\"attempts\":[", "\"attempts\":[],\"attempts\":[")).contains("comes twice"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":0,\"seen\":0")).contains("comes twice"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":1e400")).contains("no record"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":99999999999999999999")).contains("too large"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":9223372036854775808")).contains("64 bits"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":0.5")).contains("not whole"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":\"0\"")).contains("quote.seen is no number"));
  CHECK(verdict(with("\"seen\":0", "\"seen\":0,\"spent\":0")).contains("no record has"));
  CHECK(verdict(with("\"seen\":0", "\"saw\":0")).contains("quote.seen is not there"));
  CHECK(verdict(with("\"seen\":0", "\"seen\": 0")).contains("canonical"));
  CHECK(verdict(with("run record 1", "run record 2")).contains("format"));
  CHECK(verdict("[]\n").contains("no record"));
  CHECK(verdict("").contains("no JSON"));
  CHECK(verdict("null").contains("no record"));
  CHECK(verdict(std::string(100'000, '[')).contains("too deeply"));
  CHECK(verdict("\xff\n").contains("no record"));
  CHECK(verdict(forged(text, [](Json& json) {
          json["attempts"][0]["bill"]["energy"] = INT64_MAX;
          json["attempts"][1]["bill"]["energy"] = INT64_MAX;
        })).contains("too large"));
  CHECK(verdict(forged(text, [](Json& json) {
          json["attempts"][0]["bill"]["energy"] = INT64_MIN;
        })).contains("too large"));
}

TEST_CASE("a key is made once, for its owner alone, and what is signed with one is not another's") {
  const Folder folder;
  const std::string name = folder.file("house");
  const auto key = make_key(name);
  REQUIRE(key);
  struct stat about{};
  REQUIRE(::stat(name.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK_FALSE(make_key(name));
  fs::remove(name);
  CHECK_FALSE(make_key(name));  // its other half is there, and stays
  CHECK(fs::exists(name + ".pub"));
  CHECK_FALSE(fs::exists(name));

  const std::string other = folder.file("other");
  REQUIRE(make_key(other));
  const auto secret = read_secret_key(other);
  const auto known = read_public_key(other + ".pub");
  REQUIRE(secret);
  REQUIRE(known);
  CHECK(secret->public_key() == *known);
  CHECK(is_signed_by(*known, "text", secret->sign("text")));
  CHECK_FALSE(is_signed_by(*known, "texts", secret->sign("text")));
  CHECK_FALSE(is_signed_by(*key, "text", secret->sign("text")));
  CHECK_FALSE(is_signed_by(*known, "text", "00"));
  CHECK_FALSE(read_public_key(other));  // a secret is no public key, and the other way round
  CHECK_FALSE(read_secret_key(other + ".pub"));
  REQUIRE(::chmod(other.c_str(), 0640) == 0);
  const auto open = read_secret_key(other);
  REQUIRE_FALSE(open);
  CHECK(describe(open.error().front()).contains("chmod 600"));
  CHECK_FALSE(make_key(folder.file("no/such/folder")));
}

TEST_CASE("signatures and digests are those of the standards") {
  // RFC 8032, 7.1, test 1.
  const std::array<unsigned char, kKeyBytes> seed = {
      0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
      0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
  const SecretKey key(seed);
  CHECK(hex_of(key.public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(key.sign("") ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b");
  CHECK(digest_of_text("") == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(canonical(Json::parse(R"({ "b": [1, -2], "a": "\u00e9\u0001\/\n" })")) ==
        "{\"a\":\"\xc3\xa9\\u0001/\\n\",\"b\":[1,-2]}");
}

}  // namespace hinterland
