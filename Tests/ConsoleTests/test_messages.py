"""What the console makes of every template in every language, against the sentences of the catalogue's files filled here."""
import json
import pathlib
import re

import pytest

from page import in_page

TEXTS = pathlib.Path(__file__).resolve().parents[2] / "Sources/Notation/Templates/texts"
LANGUAGES = ["en", "tr", "he", "ar", "az", "ru"]

# A value of each type, and how docs/templates.md says that it is shown; words come from the language's own file.
VALUES = {
    "altitudeBand": {"lower": {"value": 3500, "unit": "feet", "datum": "amsl"}, "upper": {"value": 90, "unit": "flightLevel", "datum": "flightLevel"}},
    "time": "2026-11-22T19:17:00.000000Z", "duration": 5400, "distance": 5000, "bearing": 45, "frequency": 121_500_000, "number": 7,
    "notice": "turkiye-12", "unit": "Battery (1)", "text": {"text": "12 - 30", "language": "ru"},
    "position": {"position": [38.3169, 34.5574], "original": "T4"},
}
POSITION = "34.55740N 38.31690E"


def expected(kind, value, texts):
    frame = texts["frame"]
    match kind:
        case "position": return frame["stated"].replace("{position}", POSITION).replace("{original}", "T4")
        case "altitudeBand":
            limit = lambda shown, datum: frame["limit"].replace("{value}", shown).replace("{datum}", texts["datums"][datum])
            return frame["band"].replace("{lower}", limit("3500 ft AMSL", "amsl")).replace("{upper}", limit("FL090", "flightLevel"))
        case "time": return "221917ZNOV26 (2026-11-22T19:17:00Z)"
        case "duration": return f"1 {texts['units']['hours']} 30 {texts['units']['minutes']}"
        case "distance": return "5000 m (2.70 NM)"
        case "bearing": return frame["bearing"].replace("{value}", "045°T")
        case "frequency": return "121.500 MHz"
        case "text": return frame["quoted"].replace("{text}", "12 - 30").replace("{language}", texts["languages"]["ru"])
        case "reason": return texts["reasons"][value]
        case _: return str(value)


def filled(sentence, values):
    def bracket(match):
        part, _, otherwise = match.group(1).partition("|")
        return part if all(name in values for name in re.findall(r"\{(\w+)\}", part)) else otherwise

    return re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)], re.sub(r"\[([^\]]*)\]", bracket, sentence))


@pytest.mark.parametrize("amount", ["all fields", "required fields"])
def test_every_template_reads_in_every_language_as_its_file_has_it(floor, own_desk, amount):
    structure = own_desk.call("GET", "templates")["structure"]
    for language in LANGUAGES:
        reads_as_its_file_has_it(floor, structure, language, amount)


def reads_as_its_file_has_it(floor, structure, language, amount):
    texts = json.loads((TEXTS / f"{language}.json").read_text())
    assert len(structure) >= 30 and {entry["code"] for entry in structure} == set(texts["templates"])
    messages, sentences = [], {}
    for entry in structure:
        fields = [field for field in entry["fields"] if amount == "all fields" or field["required"]]
        value = {field["name"]: field["reasons"][0] if field["type"] == "reason" else VALUES[field["type"]] for field in fields}
        shown = {field["name"]: expected(field["type"], value[field["name"]], texts) for field in fields}
        messages.append({"template": entry["code"], "fields": value})
        sentences[entry["code"]] = filled(texts["templates"][entry["code"]]["text"], {**shown, "from": "Türkiye", "to": "ישראל"})
    made = in_page(floor, "messagetext.js", """
        const [messages, structure, texts, language] = a;
        const store = { texts: { texts, language, structure: new Map(structure.map((e) => [e.code, e])) }, changed() {} };
        return messages.map((message) => {
          const made = m.messageElement(message, { parties: { from: "Türkiye", to: "ישראל" } }, store);
          return [message.template, made.textContent, made.dir, made.querySelectorAll("bdi bdi").length];
        });""", messages, structure, texts, language)
    # The grid reference is asked of the node, and is there or not at this moment.
    plain = lambda text: re.sub(r"37SDU\d{10} / ", "", text)
    assert {code: plain(text) for code, text, *_ in made} == sentences
    assert {direction for *_, direction, _ in made} == {"rtl" if language in ("he", "ar") else "ltr"}


def test_what_could_turn_the_order_of_a_sentence_is_shown_and_does_nothing(floor, own_desk):
    texts = json.loads((TEXTS / "en.json").read_text())
    structure = own_desk.call("GET", "templates")["structure"]
    message = {"template": "distress", "fields": {"unit": "A\u202eB", "remarks": {"text": "<b>x</b>\u2067", "language": "en"}}}
    text, marked = in_page(floor, "messagetext.js", """
        const [message, structure, texts] = a;
        const store = { texts: { texts, language: "en", structure: new Map(structure.map((e) => [e.code, e])) }, changed() {} };
        const made = m.messageElement(message, { parties: { from: "a\\u202e", to: "b" } }, store);
        return [made.textContent, made.querySelectorAll("b, img").length];""", message, structure, texts)
    assert marked == 0 and "<b>x</b>" in text
    assert [c for c in text if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"] == []


def test_frequencies_are_exact_and_never_guessed(floor):
    written = ["121.5", "121.500", "0.003", "5.6805", "300000", "121,5", "121.5000001", "1e3", "-1"]
    read = in_page(floor, "messagefields.js", "return a[0].map(m.hertz)", written)
    assert read == [121_500_000, 121_500_000, 3_000, 5_680_500, 300_000_000_000, None, None, None, None]
    shown = in_page(floor, "messagetext.js", "return a[0].map(m.frequencyText)", [121_500_000, 3_000, 5_680_500, 8_364_001])
    assert shown == ["121.500 MHz", "0.003 MHz", "5.6805 MHz", "8.364001 MHz"]
