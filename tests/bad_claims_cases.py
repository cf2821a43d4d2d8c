"""More cases of bad_input_test.py: files of claims, figures that claims rest on, and the model of where people go."""

from bad_input_cases import case, files, folder_of, good

CLAIM = '[texts.t]\nwords = "a text"\n[claims.C1]\nwords = "it grew"\ntext = "t"\n'
CHECK = ["claims", "check", "--claims", "c.toml"]


def claim(name, rest, *fragments):
    case("claims: " + name, files(c__toml=CLAIM + rest), CHECK, *fragments)


claim("an unknown computation", 'numbers.g = { grwth = ["a.b.c", "a.b.d"] }\n', "c.toml:6:23: grwth: g: there is no computation 'grwth'. Did you mean growth?")
claim("an unknown cell", 'numbers.g = { value = "figures.nonesuch.value" }\n', "g: 'figures.nonesuch.value': figures has no row 'nonesuch'")
claim("an unknown table", 'numbers.g = { value = "figurs.a.value" }\n', "the atlas has no table 'figurs'. Did you mean figures?")
claim("a column of words", 'numbers.g = { value = "figures.guizhou-pilot-zone.unit" }\n', "figures has no column of numbers 'unit'")
claim("an unknown region", 'numbers.g = { gdp = ["guizou", "2024"] }\n', "'guizou' is no region of the atlas. Did you mean guizhou?")
claim("an unknown year", 'numbers.g = { gdp = ["guizhou", "1999"] }\n', "'1999' is no year of the atlas")
claim("too many operands", 'numbers.g = { growth = ["a.b.c", "a.b.d", "a.b.e"] }\n', "growth has 3 operands. It is growth(A, B).")
claim("a number below", 'numbers.g = { sum = ["h", "h"] }\nnumbers.h = { value = "figures.guizhou-pilot-zone.value" }\n', "there is no number 'h' above")
claim("a verdict", 'verdict = "holds"\n', "verdict: unknown key")
claim("a test of nothing", 'tests.t = { left = "g", is = "above", right = 0, else = "false" }\n', "there is no number 'g' above")
claim("an unknown relation", 'says.g = 1\ntests.t = { left = "says.g", is = "over", right = 0, else = "false" }\n', "is: 'over' is not one of the choices")
claim("a brace", 'print.any = "{g"\n', "a brace without its partner")
claim("two problems", 'numbers.g = 1\nprint.maybe = "x"\n', "g: is no computation", "'maybe' is no verdict")
case("claims: no claim", files(c__toml="own_sources = []\n"), CHECK, "c.toml: there is no claim")
case("claims: no TOML", files(c__toml="[claims\n"), CHECK, "c.toml:")
case("claims: no file", files(), CHECK, "c.toml: ")
case("claims: an unknown id", files(), ["claims", "check", "--id", "C99"], "--id: 'C99' is no claim")
case("claims: an unknown source", files(c__toml='own_sources = ["nobody"]\n' + CLAIM), CHECK, "own_sources: 'nobody' is no source of the atlas")
case("figures: a word for a value", folder_of("books", figures="id,value\nguizhou-internet-2016,many\n"), ["claims", "check", "--books", "books"],
     "figures.csv:2: value: 'many' is not a number")
good("claims", files(c__toml=CLAIM + 'numbers.g = { gdp = ["guizhou", "2024"] }\ntests.t = { left = "g", is = "above", right = 0, else = "false" }\n'), CHECK)

PEOPLE = ["assess", "people", "--draws", "10"]
case("people: an unknown grouping", files(), [*PEOPLE, "--model", "too"], "--model: ")
case("people: an unknown coast", files(), [*PEOPLE, "--coast", "costa"], "--coast: ")
case("people: all is coast", files(), [*PEOPLE, "--model", "two", "--coast", "coast", "hinterland"], "--coast: names all regions")
case("people: a share that is not small", files(), [*PEOPLE, "--share", "50%"], "--share: 0.5 is no small share")
case("people: regions empty", files(), [*PEOPLE, "--set", "spatial_economy.china.agglomeration=0.5", "--set", "spatial_economy.china.migration_elasticity=50",
                                        "--set", "spatial_economy.china.trade_elasticity=50", "--set", "spatial_economy.china.housing_share=0"],
     "spatial_economy.csv: agglomeration: ")
case("people: capital beyond all", files(), [*PEOPLE, "--set", "spatial_economy.china.capital_share=2"], "capital_share: 2 is out of range")
good("people", files(), [*PEOPLE, "--model", "two"])
