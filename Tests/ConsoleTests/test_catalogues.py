"""The words of the interface: every language says everything that English says, with the same figures in it."""
import pathlib
import re

import pytest

from page import in_page

CONSOLE = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "NodeHTTP" / "Console"
MODULES = {path.name: path.read_text() for path in CONSOLE.glob("*.js")}


@pytest.fixture(scope="module")
def catalogues(chromium, node):
    """{language: {name, dir, words, plurals}} of all that are offered, as the page loads them."""
    chromium.get(node[0])
    return in_page(chromium, "catalogue/languages.js", """
        const all = {};
        for (const code of Object.keys(m.languages)) {
          const { name, dir, words } = (await import(new URL(`catalogue/${code}.js`, document.baseURI))).default;
          all[code] = { name, dir, words, offered: m.languages[code], plurals: new Intl.PluralRules(code).resolvedOptions().pluralCategories };
        }
        return all;""")


def placeholders(sentence):
    return sorted(set(re.findall(r"\{(\w+)\}", sentence)))


def faults(catalogues):
    """What is wrong with any of them."""
    english = catalogues["en"]["words"]
    found = []
    for code, catalogue in catalogues.items():
        words = catalogue["words"]
        found += [f"{code} lacks {key}" for key in english.keys() - words.keys()]
        found += [f"{code} has {key}, which English has not" for key in words.keys() - english.keys()]
        for key in english.keys() & words.keys():
            own, theirs = words[key], english[key]
            wanted = placeholders(theirs if isinstance(theirs, str) else theirs["other"])
            if isinstance(own, str):
                if placeholders(own) != wanted:
                    found.append(f"{code} {key} has {placeholders(own)}, not {wanted}")
                continue
            if not {"n", "count"} & set(wanted):
                found.append(f"{code} {key} goes by a number that it is not given")
            if sorted(own) != sorted(catalogue["plurals"]):
                found.append(f"{code} {key} is for {sorted(own)}, not {sorted(catalogue['plurals'])}")
            # One thing may be said without its figure, the general form never.
            if placeholders(own.get("other", "")) != wanted:
                found.append(f"{code} {key} other has {placeholders(own.get('other', ''))}, not {wanted}")
            found += [f"{code} {key} {form} has something of its own" for form, said in own.items() if not set(placeholders(said)) <= set(wanted)]
        found += [f"{code} {key} says nothing" for key, said in words.items() for each in ([said] if isinstance(said, str) else said.values()) if each == ""]
    return sorted(found)


def test_every_language_says_all_that_english_says(catalogues):
    assert faults(catalogues) == []


def test_the_check_of_the_catalogues_sees_what_is_wrong():
    english = {"words": {"a": "{x}", "b": {"one": "{n} b", "other": "{n} bs"}, "c": "c"}, "plurals": ["one", "other"]}
    other = {"words": {"a": "{y}", "b": {"other": "b"}, "d": "d"}, "plurals": ["few", "other"]}
    assert faults({"en": english}) == []
    assert faults({"en": english, "xx": other}) == [
        "xx a has ['y'], not ['x']", "xx b is for ['other'], not ['few', 'other']", "xx b other has [], not ['n']",
        "xx has d, which English has not", "xx lacks c"]


def test_each_language_that_has_a_file_is_offered_by_its_own_name(catalogues):
    files = {path.stem for path in (CONSOLE / "catalogue").glob("*.js") if re.fullmatch(r"[a-z]{2}", path.stem)}
    assert set(catalogues) == files
    assert {code: each["offered"] for code, each in catalogues.items()} == {code: each["name"] for code, each in catalogues.items()}
    assert {code for code, each in catalogues.items() if each["dir"] == "rtl"} == files & {"ar", "he"}


def test_what_the_modules_say_is_in_the_catalogue_and_nothing_else_is(catalogues):
    keys = catalogues["en"]["words"].keys()
    source = "\n".join(MODULES.values())
    # t("key"), t(`family.${term}`) and term("family", term); a key may also stand as a value that is said later.
    said = set(re.findall(r'\bt\("([^"]+)"', source))
    families = set(re.findall(r'\bt\(`([^`$]*)\$\{', source)) | {f"{name}." for name in re.findall(r'\bterm\("([^"]+)"', source)}
    assert len(said) > 200 and len(families) > 20
    assert sorted(said - keys) == []
    assert sorted(family for family in families if family and not any(key.startswith(family) for key in keys)) == []
    # A key may also be made of a family that is given, or of an ending.
    ends = set(re.findall(r'\bt\(`\$\{\w+\}\.(\w+)`', source))
    assert sorted(key for key in keys if f'"{key}"' not in source and f'"{key.partition(".")[0]}"' not in source
                  and key.rpartition(".")[2] not in ends and not any(key.startswith(family) for family in families if family)) == []
