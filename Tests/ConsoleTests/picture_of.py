"""What a console shows of the mechanism, and what its node answers, in one form to be compared."""


def shown(browser):
    """As it is rendered, from the marks that rows carry; and what the screen says of itself."""
    return browser.execute_script("""
        const marks = (selector, entry) => Object.fromEntries([...document.querySelectorAll(selector)].map((e) => entry(e)));
        return {
          notices: marks("#notices [data-notice]", (e) => [e.dataset.notice, [Number(e.dataset.version), /status-(\\S+)/.exec(e.className)[1]]]),
          conflicts: marks("#conflicts [data-conflict]", (e) => [e.dataset.conflict, e.dataset.state]),
          alarms: marks("#alarms [data-alarm]", (e) => [e.dataset.alarm, e.dataset.state]),
          links: marks("#links [data-link]", (e) => [e.dataset.link, e.dataset.state]),
          stops: marks("#stops [data-stop]", (e) => [e.dataset.stop, e.dataset.state]),
          calls: marks("#calls [data-call]", (e) => [e.dataset.call, Number(e.dataset.rank)]),
          assurance: document.querySelector(".assurance-word").textContent,
        };""")


WORDS = {
    "clear": "NO KNOWN CONFLICT", "conditions": "NO KNOWN CONFLICT UNDER CONDITIONS", "conflict": "CONFLICT", "unknown": "UNKNOWN",
}


def answered(desk):
    """The same by the node's own answers, through the desk's API."""
    own = desk.call("GET", "status")["party"]["id"]

    def rank(call):
        facts = {fact["party"]: fact["acknowledgedAt"] for fact in call["facts"]}
        if call["from"] != own and own in facts and not facts[own]:
            return 0
        return 1 if call["from"] == own and not all(facts.values()) else 2

    return {
        "notices": {n["id"]: [n["version"], n["status"]] for n in desk.call("GET", "notices")["notices"] if n["status"] != "ended"},
        "conflicts": {c["id"]: c["state"] for c in desk.call("GET", "conflicts")["conflicts"] if c["state"] != "cleared"},
        "alarms": {a["id"]: a["state"] for a in desk.call("GET", "alarms")["alarms"] if a["state"] != "cleared"},
        "links": {link["party"]: link["state"] for link in desk.call("GET", "links")["links"]},
        "stops": {s["id"]: s["state"] for s in desk.call("GET", "stops")["stops"] if s["isOpen"]},
        "calls": {c["id"]: rank(c) for c in desk.call("GET", "calls")["calls"]},
        "assurance": WORDS[desk.call("GET", "assurance")["answer"]],
    }


def differences(browser, desk):
    """The parts in which the two differ; the node's answers are of one moment, so what moves meanwhile counts as differing."""
    before = answered(desk)
    seen = shown(browser)
    return {part: [seen[part], before[part]] for part in before if seen[part] != before[part]} | (
        {} if answered(desk) == before else {"moving": True})
