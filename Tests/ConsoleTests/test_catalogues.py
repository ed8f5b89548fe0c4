"""The words of the interface: every language says everything that English says, with the same figures in it."""
import datetime
import json
import pathlib
import re

import pytest
from selenium.webdriver.common.by import By

from page import choose, element, in_page, of_each, press, text_of, until

CONSOLE = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "NodeHTTP" / "Console"
MODULES = {path.name: path.read_text() for path in CONSOLE.glob("*.js")}
SCHEMAS = json.loads((CONSOLE / "openapi.json").read_text())["components"]["schemas"]
# What the node says by name: where the API lists the names, and the families of keys that have words for each of them.
NAMED = {("Reason", "name"): ["reason", "reasonEnds"], ("CoverageGap", "name"): ["gap"], ("Alarm", "kind"): ["alarmSays"]}
# What Hebrew and Arabic put around each value, so that it keeps its own order.
ISOLATES = re.compile("[\u2066-\u2069]")


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
    families = set(re.findall(r'\b(?:t|filled)\(`([^`$]*)\$\{', source)) | {f"{name}." for name in re.findall(r'\bterm\("([^"]+)"', source)}
    assert len(said) > 200 and len(families) > 20
    assert sorted(said - keys) == []
    assert sorted(family for family in families if family and not any(key.startswith(family) for key in keys)) == []
    # A key may also be made of a family that is given, or of an ending.
    ends = set(re.findall(r'\bt\(`\$\{\w+\}\.(\w+)`', source))
    assert sorted(key for key in keys if f'"{key}"' not in source and f'"{key.partition(".")[0]}"' not in source
                  and key.rpartition(".")[2] not in ends and not any(key.startswith(family) for family in families if family)) == []


@pytest.mark.parametrize("schema, field", NAMED)
def test_whatever_the_node_names_has_its_words_in_every_language(catalogues, schema, field):
    names = SCHEMAS[schema]["properties"][field]["enum"]
    assert len(names) > 3
    for family in NAMED[schema, field]:
        wanted = {f"{family}.{name}" for name in names}
        assert {code: sorted(wanted - each["words"].keys()) for code, each in catalogues.items()} == dict.fromkeys(catalogues, [])
    # A word for a name that the node no longer has, or for a variant of one, would never be shown.
    last = NAMED[schema, field][-1]
    own = {key.split(".")[1] for key in catalogues["en"]["words"] if key.startswith(f"{last}.")}
    assert own - set(names) == ({"drill"} if schema == "Alarm" else set())


# Words of the console in a language, with a store whose own party is alpha.
STORE = """
  const { useLanguage } = await import(new URL("i18n.js", document.baseURI));
  const { Store } = await import(new URL("store.js", document.baseURI));
  const store = new Store();
  const party = (id, name) => ({ id, name, role: "principal" });
  store.apply("status", { utc: "2026-11-22T19:00:00.000000Z", party: party("alpha", "Alpha"), parties: [party("alpha", "Alpha"), party("bravo", "Bravo")] });
  await useLanguage(a[0]);
"""


@pytest.fixture()
def page(chromium, node):
    """A page that nobody has signed in at, in English again afterwards."""
    chromium.get(node[0])
    yield chromium
    chromium.get(node[0])


def reason(name, **values):
    return {"name": name, "party": "bravo", "record": "alpha-7", "values": values, "sentence": f"The node says {name}.", "endsBy": f"The node ends {name}."}


def gap(name, **values):
    return {"name": name, "party": "bravo", "record": "alpha-7", "values": values, "sentence": f"The node says {name}."}


def alarm(kind, subject="bravo-7", party="bravo", sentence="The node rings."):
    return {"kind": kind, "subject": subject, "party": party, "sentence": sentence}


def said(browser, language, what, *each):
    """The words for each of these, `what` being the module's function for them; without isolates."""
    words = in_page(browser, "nodewords.js", STORE + "return a[2].map((each) => m[a[1]](each, store));", language, what, each)
    return [{key: ISOLATES.sub("", value) if isinstance(value, str) else value for key, value in one.items()} for one in words]


def test_each_name_is_said_with_all_that_the_node_gives_for_it(page, catalogues):
    values = {"with": "bravo-3", "state": "open", "ageS": 245, "theirs": 41, "ours": 38, "size": 41, "differenceS": -2.75, "status": "overdue", "records": 6}
    reasons = [reason(name, **values) for name in SCHEMAS["Reason"]["properties"]["name"]["enum"]]
    gaps = [gap(name, **values) for name in SCHEMAS["CoverageGap"]["properties"]["name"]["enum"]]
    alarms = [alarm(kind) for kind in SCHEMAS["Alarm"]["properties"]["kind"]["enum"]]
    for language in catalogues.keys() - {"en"}:
        for what, each in (("reasonWords", reasons), ("gapWords", gaps), ("alarmWords", alarms)):
            words = said(page, language, what, *each)
            assert [one for one in words if one["isNodes"] or "{" in one["sentence"] + one.get("endsBy", "")] == [], language
    # In English it is what the node wrote.
    assert [one["sentence"] for one in said(page, "en", "reasonWords", *reasons)] == [each["sentence"] for each in reasons]
    assert [one["endsBy"] for one in said(page, "en", "reasonWords", *reasons)] == [each["endsBy"] for each in reasons]


def test_figures_and_sides_are_those_that_the_node_gave(page):
    values = {"theirs": 41, "ours": 38}
    words = said(page, "ru", "reasonWords", reason("headLarger", **values), reason("evidenceStale", ageS=245), reason("clockDiffers", differenceS=-2.75),
                 reason("conflict", **{"with": "bravo-3", "state": "open"}), reason("conflict", **{"with": "bravo-3", "state": "disputed"}),
                 reason("unreadableThere"), reason("pastItsTime", status="overdue"))
    assert [one["sentence"] for one in words] == [
        "Записей у стороны Bravo: 41, у нас: 38.", "Последние данные от стороны Bravo: 4 мин 05 с назад.", "Часы стороны Bravo и наши расходятся на 2.75 с.",
        "Конфликт с bravo-3 стороны Bravo.", "Конфликт с bravo-3 стороны Bravo, оспорен.", "Сторона Bravo не смогла прочитать alpha-7.",
        "Уведомление alpha-7 стороны Bravo: ПРОСРОЧЕНО."]
    # Whoever signed the record replaces it, not whoever could not read it.
    assert words[5]["endsBy"] == "Замена её стороной Alpha на аннулирующую запись, которую подписывают обе стороны."

    words = said(page, "ru", "alarmWords", alarm("frozen", "bravo"), alarm("frozen", "alpha", "alpha"), alarm("behind", "bravo"), alarm("behind", "alpha"),
                 alarm("unconfirmedSize", "alpha", None), alarm("keys", "alpha", "alpha"), alarm("conflict", "0123", None), alarm("conflict", "0123"),
                 alarm("presenceContradicted"), alarm("presenceContradicted", "alpha-7"), alarm("message", sentence="DRILL: bravo calls."))
    of = lambda key: in_page(page, "catalogue/ru.js", "return m.default.words[a[0]]", f"alarmSays.{key}").replace("{party}", "Bravo")
    assert [one["sentence"] for one in words] == [
        of("frozen"), of("frozen.ours"), of("behind"), of("behind.ours"), of("unconfirmedSize.ours"), of("keys.ours"), of("conflict"), of("conflict.theirs"),
        of("presenceContradicted").replace("{subject}", "bravo-7"), of("presenceContradicted.ours").replace("{subject}", "alpha-7"),
        "ТРЕНИРОВКА: " + of("message")]


def test_what_has_no_words_is_said_as_the_node_says_it(page):
    unknown = reason("ofALaterRelease")
    hostile = {**unknown, "sentence": "\u202e<img src=x onerror=alert(1)>", "endsBy": "of a later release"}
    # A name that is a key of something else, one that lacks a figure, and one without its party.
    short = [reason("proven"), reason("headLarger", theirs=41), {**reason("suspended"), "party": None}]
    assert [one["isNodes"] for one in said(page, "he", "reasonWords", unknown, *short)] == [True] * 4
    assert said(page, "he", "reasonWords", unknown) == [{"sentence": unknown["sentence"], "endsBy": unknown["endsBy"], "isNodes": True}]
    assert [one["sentence"] for one in said(page, "he", "alarmWords", alarm("ofALaterRelease"), alarm("drill"))] == ["The node rings."] * 2
    assert [one["sentence"] for one in said(page, "he", "gapWords", gap("ofALaterRelease"))] == ["The node says ofALaterRelease."]

    parts = in_page(page, "assurance.js", STORE + """
        const assurance = (gaps) => ({ answer: "unknown", reasons: a[1], evidence: [], conditions: [], gaps, doesNotCover: a[2] });
        const texts = (gaps, of) => [...m.assuranceGrounds(assurance(gaps), store).querySelectorAll(of)].map((e) => [e.textContent, e.dir, e.lang]);
        return [texts(a[3], ".reasons .peer"), texts(a[3], ".not-covered .peer"), texts([], ".not-covered .peer")];""",
                    "he", [hostile, reason("suspended")], ["One thing.", "Disclaimed."], [gap("plansNotFiled")])
    assert parts[0][:2] == [["\u2423<img src=x onerror=alert(1)>", "auto", "en"], ["of a later release", "auto", "en"]]
    assert [each[1:] for each in parts[0][2:]] == [["rtl", "he"]] * 2
    assert [each[1:] for each in parts[1]] == [["rtl", "he"]] * 2
    # As many names as sentences, or all of the node's sentences: nothing that it says goes unsaid.
    assert parts[2] == [["One thing.", "auto", "en"], ["Disclaimed.", "auto", "en"]]


def lefts(browser, selector, text):
    """Where each letter of `text`, in the first element that holds it, begins on the screen, and whether all are on one line."""
    return browser.execute_script("""
        const within = [...document.querySelectorAll(arguments[0])].find((e) => e.textContent.includes(arguments[1]));
        const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
        while (walker.nextNode() && !walker.currentNode.data.includes(arguments[1]));
        const node = walker.currentNode, from = node.data.indexOf(arguments[1]), range = document.createRange();
        const boxes = [...arguments[1]].map((_, i) => { range.setStart(node, from + i); range.setEnd(node, from + i + 1); return range.getBoundingClientRect(); });
        return boxes.map((box) => [Math.round(box.top), box.left]);""", selector, text)


def test_an_alarm_and_a_reason_are_read_from_right_to_left_with_their_figures_in_order(floor, other_desk):
    at = lambda hours: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    notice = other_desk.file("strike", [40.05, 33.05], 900, 1000, 9000, at(1.5), at(2.5), "to be read in Hebrew")["id"]
    try:
        press(floor, "#open-settings")
        choose(floor, "#settings-language", "he")
        until(floor, lambda b: b.execute_script("return document.documentElement.dir") == "rtl")
        press(floor, "#settings .close")

        card = f"[data-alarm='notice:{notice}']"
        words = f"הודעת פעילות {notice}, או גרסה חדשה שלה, הוגשה בידי Bravo. יש לבצע הקראה חוזרת."
        until(floor, lambda b: words in ISOLATES.sub("", text_of(b, card)))
        # The node's own sentence stands beneath, in its own direction.
        assert of_each(floor, f"{card} .node-words .peer", "[e.dir, e.lang, e.textContent.startsWith('New notice: strike by bravo')]") == [["auto", "en", True]]

        press(floor, f"[data-notice='{notice}']")
        reasons = "#detail .reasons li"
        words = f"לא נעשתה הקראה חוזרת של {notice} בידי Alpha."
        until(floor, lambda b: any(words in ISOLATES.sub("", each) for each in of_each(b, reasons, "e.textContent")))
        ends = "הקראה חוזרת נכונה של קצין של Alpha."
        assert any(ends in ISOLATES.sub("", each) for each in of_each(floor, reasons, "e.textContent"))

        for place in (f"{card} p.peer", f"{reasons} .peer"):
            element(floor, place)
            assert of_each(floor, place, "getComputedStyle(e).direction")[0] == "rtl"
            # A long name may be broken over lines: each of them runs from left to right, and they follow each other.
            steps = lefts(floor, place, notice)
            assert steps == sorted(steps), place
        # The disclaimer is in Hebrew as well.
        assert floor.find_elements(By.CSS_SELECTOR, "#detail .disclaimer")[0].text == in_page(floor, "i18n.js", "return m.t('disclaimer')")
    finally:
        floor.execute_script("localStorage.clear()")
        other_desk.call("POST", f"notices/{notice}/end", {"reason": "cancelled"})
