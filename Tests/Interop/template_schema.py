#!/usr/bin/env python3
"""The catalogue's six files against its JSON Schema (2020-12), by a validator that is not ours, and proof that the
schema refuses what it should.

    template_schema.py
"""

import copy
import json
import sys
from pathlib import Path

try:
    import jsonschema_rs
except ImportError:
    sys.exit("jsonschema_rs is not installed: run make setup-test, or use any validator of JSON Schema 2020-12")

TEXTS = Path(__file__).resolve().parents[2] / "Sources/Notation/Templates/texts"
LANGUAGES = ["en", "tr", "he", "ar", "az", "ru"]


def read(name):
    return json.loads((TEXTS / name).read_text(encoding="utf-8"))


def damaged(document):
    """The document with one thing wrong, and what that is."""
    def change(what, act):
        copied = copy.deepcopy(document)
        act(copied)
        return what, copied

    hold = document["templates"]["hold-request"]["text"]
    yield change("a template missing", lambda d: d["templates"].pop("wait-out"))
    yield change("a template too many", lambda d: d["templates"].update(later={"title": "x", "text": "x"}))
    yield change("a label missing", lambda d: d["fields"].pop("radius"))
    yield change("a word missing", lambda d: d["reasons"].pop("smoke"))
    yield change("an empty word", lambda d: d["states"].update(heard=""))
    yield change("the other direction", lambda d: d.update(direction="ltr" if d["direction"] == "rtl" else "rtl"))
    yield change("an unknown part", lambda d: d.update(later=1))
    for what, text in {
        "a field missing": hold.replace("{radius}", ""),
        "a field twice": hold + " {radius}",
        "a field of another template": hold + "[ {persons}]",
        "a required field in brackets": hold.replace("{radius}", "[{radius}]"),
        "an optional field outside brackets": hold.replace("[", "", 1).replace("|", "", 1).replace("]", "", 1),
        "nested brackets": hold + "[[ x]]",
        "a bracket left open": hold + "[ x",
        "a bar outside brackets": hold + "|",
        "a direction mark": hold + "\u200f",
        "an override": hold + "\u202e",
        "a line break": hold + "\n",
    }.items():
        yield change(what, lambda d, text=text: d["templates"]["hold-request"].update(text=text))
    yield change("a field in a title", lambda d: d["templates"]["hold-request"].update(title="{radius}"))
    yield change("a frame without its place", lambda d: d["frame"].update(due="x"))


def main():
    schema = read("schema.json")
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(schema)
    wrong = []
    for language in LANGUAGES:
        document = read(f"{language}.json")
        wrong += [f"{language}: {error.message}" for error in validator.iter_errors(document)]
        refused = 0
        for what, changed in damaged(document):
            if validator.is_valid(changed):
                wrong.append(f"{language}: taken with {what}")
            refused += 1
        print(f"{language}: valid; {refused} damaged copies tried")
    for line in wrong:
        print("WRONG", line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
