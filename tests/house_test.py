#!/usr/bin/python3
"""The house keeps its own rules: includes follow the arrows of ARCHITECTURE.md, a library neither prints, nor exits, nor
reads the clock, and no two types have one name.

The arrows stand in ARCHITECTURE.md between `<!-- house -->` and `<!-- /house -->`, a line a library:

    atlas/     the facts about places   -> facility, report

`-> (nothing)` and `-> all` mean what they say; `(step N)` marks a library that is yet to come. First the rules are
tried on a small house with planted faults (a rule that catches nothing fails the test), then on this one.
"""

import re
import sys
import tempfile
from pathlib import Path

MOST_LINES = 450
SHELLS = {"cli", "executor", "serve"}  # they print, read the clock, and end the process
SOURCES = {".cpp", ".hpp", ".py", ".sh"}
FOLDERS = ["hinterland", "addons", "tests", "bench", "fuzz", "tools", "examples"]

HEAVY = re.compile(r'#\s*include\s*[<"](toml\+\+|nlohmann(?!/json_fwd\.hpp)|CLI|fmt|GeographicLib|date|boost)/')
OURS = re.compile(r'^\s*#\s*include\s*"hinterland/(\w+)/', re.MULTILINE)
SHELL_ONLY = [
    (re.compile(r"#\s*include\s*<(iostream|print)>"), "includes a stream of the terminal"),
    (re.compile(r"\bstd::(cout|cerr|clog)\b|\b(stdout|stderr)\b"), "writes to the terminal"),
    (re.compile(r"(?<![\w.>])(?:std::)?(v?printf|puts|putchar|perror)\s*\(|\bfmt::print"), "prints"),
    (re.compile(r"(?<![\w.>])(?:std::)?(exit|_Exit|_exit|quick_exit|abort|terminate)\s*\("), "ends the process"),
    (re.compile(r"\b(system|steady|high_resolution|utc)_clock\b|\bstd::time\s*\(|\bgettimeofday\b|\bclock_gettime\b"
                r"|\bstd::clock(_t)?\b"), "reads the clock"),
]
# A type at namespace level, where no line is indented. A specialisation, a declaration and a member are none.
TYPE = re.compile(r"^(?:template\b[^\n]*>\s+)?(?:struct|class|enum(?: class)?) (?:alignas\(\w+\) )?(\w+)(?: final)?(?:\s*:[^;{]*)?\s*\{",
                  re.MULTILINE)
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
UNDONE = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")

# Comments and literals, which may speak of anything. 1'000 is a number, not the start of a character.
SPEECH = re.compile(
    r'R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
    r"|//(?:[^\n\\]|\\.)*|/\*.*?\*/"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'",
    re.DOTALL)


class House:
    """The arrows as ARCHITECTURE.md draws them."""

    def __init__(self):
        self.arrows = {}  # library -> the libraries its arrow names
        self.later = {}  # library -> the step it comes with
        self.problems = []

    def reach(self, library):
        """All that `library` may include: itself, and what follows from its arrow."""
        if self.arrows.get(library) == {"all"}:
            return set(self.arrows)
        seen, ahead = {library}, [library]
        while ahead:
            for other in self.arrows.get(ahead.pop(), set()) - seen:
                seen.add(other)
                ahead.append(other)
        return seen


def read_house(text):
    house = House()
    block = re.search(r"<!-- house -->(.*?)<!-- /house -->", text, re.DOTALL)
    if not block:
        house.problems.append("ARCHITECTURE.md: no block between <!-- house --> and <!-- /house -->")
        return house
    for line in block[1].splitlines():
        named = re.match(r"\s*(\w+)/\s", line + " ")
        if not named or named[1] == "hinterland":
            continue
        library = named[1]
        arrow = re.search(r".*->(.*)$", line)  # the last one: the text may hold arrows of its own
        if not arrow:
            house.problems.append(f"ARCHITECTURE.md: {library}/ has no arrow")
            continue
        if library in house.arrows:
            house.problems.append(f"ARCHITECTURE.md: {library}/ is listed twice")
        if later := re.search(r"\(step (\d+)\)", line):
            house.later[library] = int(later[1])
        house.arrows[library] = set(re.findall(r"\w+", re.sub(r"\([^)]*\)", " ", arrow[1])))
    for library, targets in house.arrows.items():
        for target in sorted(targets - set(house.arrows) - {"all"}):
            house.problems.append(f"ARCHITECTURE.md: {library}/ points to {target}/, which is not listed")
        if any(library in house.reach(target) for target in targets & set(house.arrows)):
            house.problems.append(f"ARCHITECTURE.md: the arrows from {library}/ come back to it")
    if not house.arrows:
        house.problems.append("ARCHITECTURE.md: the house block lists no library")
    return house


def check_folders(root, house):
    for folder in sorted(p for p in (root / "hinterland").iterdir() if p.is_dir()):
        if folder.name not in house.arrows:
            yield f"hinterland/{folder.name}: is not in ARCHITECTURE.md's house"
        elif folder.name in house.later:
            yield f"hinterland/{folder.name}: is here, but ARCHITECTURE.md still marks it (step N)"
        if not any(p.is_file() for p in folder.rglob("*")):
            yield f"hinterland/{folder.name}: is an empty room"
    for library in sorted(set(house.arrows) - set(house.later)):
        if not (root / "hinterland" / library).is_dir():
            yield f"hinterland/{library}: is in ARCHITECTURE.md's house, but not there and not marked (step N)"


def check_library_file(path, name, library, text, house):
    may = house.reach(library)
    for other in OURS.findall(text):
        if other not in may:
            yield f"{name}: includes hinterland/{other}/, but no arrow leads from {library} to it"
    code = SPEECH.sub(lambda found: "" if found[0].startswith(("/", "'")) else '""', text)
    if library not in SHELLS:
        for pattern, sin in SHELL_ONLY:
            if found := pattern.search(code):
                yield f"{name}: {sin} ({found[0].strip()}); only {', '.join(sorted(SHELLS))} may"
    if path.suffix == ".hpp" and (found := HEAVY.search(text)):
        yield f"{name}: a header includes {found[1]}; keep it in a .cpp"


def check_types(root):
    """Two types of one name in one namespace are one type to the linker, whether or not any file sees both."""
    homes = {}
    for path in sorted((root / "hinterland").rglob("*.hpp")):
        for found in TYPE.finditer(SPEECH.sub("", path.read_text(encoding="utf-8"))):
            homes.setdefault(found[1], []).append(path.relative_to(root).as_posix())
    for name, files in homes.items():
        if len(set(files)) > 1:
            yield f"{name}: is defined in {' and '.join(files)}; one name, one type"


def check_any_file(path, name, text):
    if (lines := text.count("\n")) > MOST_LINES:
        yield f"{name}: {lines} lines, more than {MOST_LINES}: it holds more than one concept"
    if found := VAGUE & set(path.stem.lower().split("_")):
        yield f"{name}: '{found.pop()}' names no concept"
    if found := UNDONE.search(text):
        yield f"{name}: {found[0]} left behind; do it, or open an issue"


def check_lockfile(root):
    """The script of report pages is pinned by version and hash; which registry it comes from is each machine's affair."""
    lock = root / "web/package-lock.json"
    if lock.is_file() and '"resolved"' in lock.read_text(encoding="utf-8"):
        yield "web/package-lock.json: names a registry; install with the .npmrc beside it"


def check(root):
    """All problems of the house at `root`."""
    plan = root / "ARCHITECTURE.md"
    if not plan.is_file():
        return ["ARCHITECTURE.md: is not there"]
    house = read_house(plan.read_text(encoding="utf-8"))
    problems = list(house.problems) + list(check_folders(root, house)) + list(check_lockfile(root))
    problems += check_types(root)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or path.suffix not in SOURCES:
                continue
            name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
            problems += check_any_file(path, name, text)
            if folder == "hinterland" and path.suffix in {".cpp", ".hpp"} and path.parent != root / folder:
                problems += check_library_file(path, name, path.relative_to(root / folder).parts[0], text, house)
    return problems


SMALL_HOUSE = {
    "ARCHITECTURE.md": """<!-- house -->
```
    hinterland/
      base/    units                 -> (nothing)
      atlas/   facts -> figures      -> base
      policy/  where (step 3)        -> atlas
      judge/   should it             -> policy (atlas until step 3)
      cli/     one file a verb       -> all
```
<!-- /house -->
""",
    "hinterland/base/file.cpp": """#include <cstdio>
// std::cout, printf("x") and steady_clock may be spoken of
const char* words = "std::exit(1)"; int big = 1'000'000; char quote = '"';
void close(std::FILE* file) { std::fclose(file); std::remove("x"); std::snprintf(at, 3, "y"); progress.exit(); }
""",
    "hinterland/base/id.hpp": "struct Meter {\n  struct Unit {};\n};\nclass Id {};\nclass Site;\nstruct std::hash<Id> {};\n",
    "hinterland/base/unit.hpp": "struct Unit {\n  enum class Id { a };\n};\n// struct Meter {};\n",
    "hinterland/atlas/site.hpp": '#include "hinterland/base/file.hpp"\nstruct Site {};\n',
    "hinterland/judge/verdict.cpp": '#include "hinterland/base/file.hpp"\n#include <fmt/format.h>\n',
    "hinterland/cli/main.cpp": '#include <iostream>\n#include "hinterland/judge/verdict.hpp"\n'
                               "int main() { std::cout << 1; std::exit(1); }\n",
}

# What is planted, and what the test must then say.
PLANTED = [
    ("hinterland/base/up.hpp", '#include "hinterland/atlas/site.hpp"\n', "no arrow leads from base"),
    ("hinterland/atlas/up_test.cpp", '  # include "hinterland/judge/verdict.hpp"\n', "no arrow leads from atlas"),
    ("hinterland/atlas/up.hpp", '#include "hinterland/cli/main.hpp"\n', "no arrow leads from atlas"),
    ("hinterland/shed/a.cpp", "int a;\n", "is not in ARCHITECTURE.md's house"),
    ("hinterland/policy/a.cpp", "int a;\n", "still marks it"),
    ("hinterland/policy/", None, "is an empty room"),
    ("hinterland/atlas/a.cpp", "#include <iostream>\n", "a stream of the terminal"),
    ("hinterland/atlas/a.cpp", 'void f() { std::cerr << "x"; }\n', "writes to the terminal"),
    ("hinterland/atlas/a.cpp", 'void f() { std::fputs("x", stdout); }\n', "writes to the terminal"),
    ("hinterland/atlas/a.cpp", 'void f() { printf("x"); }\n', "prints"),
    ("hinterland/atlas/a.cpp", 'void f() { std::puts("x"); }\n', "prints"),
    ("hinterland/atlas/a.cpp", 'void f() { fmt::print("x"); }\n', "prints"),
    ("hinterland/atlas/a.cpp", "void f() { /* ' */ std::exit(1); }\n", "ends the process"),
    ("hinterland/atlas/a.cpp", "void f() { abort(); }\n", "ends the process"),
    ("hinterland/atlas/a.cpp", "auto now = std::chrono::system_clock::now();\n", "reads the clock"),
    ("hinterland/atlas/a.cpp", "auto now = std::time(nullptr);\n", "reads the clock"),
    ("hinterland/atlas/a.cpp", "const std::clock_t now = std::clock();\n", "reads the clock"),
    ("hinterland/atlas/a.hpp", "class Meter;\nenum class Unit : int { kw };\n", "Unit: is defined in"),
    ("hinterland/atlas/a.hpp", "template <class Tag>\nclass alignas(32) Id final : public Base {};\n", "Id: is defined in"),
    ("hinterland/atlas/a.hpp", "#include <nlohmann/json.hpp>\n", "a header includes nlohmann"),
    ("hinterland/cli/a.hpp", "#include <fmt/format.h>\n", "a header includes fmt"),
    ("hinterland/atlas/long.cpp", "\n" * (MOST_LINES + 1), "more than one concept"),
    ("hinterland/atlas/csv_utils.cpp", "int a;\n", "names no concept"),
    ("tools/helper.py", "a = 1\n", "names no concept"),
    ("tests/a.cpp", "// TO" "DO later\n", "left behind"),
    ("web/package-lock.json", '"resolved": "x"', "names a registry"),
    ("ARCHITECTURE.md", "no block\n", "no block between"),
    ("ARCHITECTURE.md", SMALL_HOUSE["ARCHITECTURE.md"].replace("(nothing)", "cli"), "come back to it"),
    ("ARCHITECTURE.md", SMALL_HOUSE["ARCHITECTURE.md"].replace("-> base", "-> bass"), "which is not listed"),
    ("ARCHITECTURE.md", SMALL_HOUSE["ARCHITECTURE.md"].replace(" (step 3) ", " "), "not marked (step N)"),
]


def build(root, files):
    for name, text in files.items():
        path = root / name
        if text is None:
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def try_the_rules():
    """What the rules miss, or blame without cause, in a small house."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), SMALL_HOUSE)
        problems = [f"self-test: blames a clean house: {problem}" for problem in check(Path(folder))]
    for name, text, expected in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), SMALL_HOUSE | {name: text})
            if not any(expected in problem for problem in check(Path(folder))):
                problems.append(f"self-test: does not notice '{expected}' planted in {name}")
    return problems


def main():
    problems = try_the_rules()
    problems += check(Path(__file__).resolve().parent.parent)
    for problem in problems:
        print(problem)
    print(f"{len(PLANTED)} planted faults tried; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
