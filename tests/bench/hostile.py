"""How long the worst comments hold a judge: `python -m tests.bench.hostile`.

Each is judged by the bundled packs, by rules that look for words in every view, and by patterns that take for
ever on it. Times are those of the clock, the best of five, in milliseconds; no comment may take 50.
"""

from __future__ import annotations

from time import process_time
from typing import Final

from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.services.rulebook import bundled_rules, read_sources
from tests.disguises import WORDS
from tests.monsters import MONSTERS, SLOW, TRAP
from tests.trial import ENGLISH, a_rule, an_event

LIMIT: Final = 50.0
PASSES: Final = 5


def book() -> Book:
    """Return the packs, and rules that are as slow as rules can be."""
    words = ", ".join(f"{word}*" for word in (*WORDS, "turnip"))
    own = [
        a_rule(f"text: {{words: [{words}], view: any}}", "bench.views"),
        a_rule('phones: ["+1 202 555 0142"]', "bench.phones"),
        a_rule("pii: [email, phone, iban, card, address]", "bench.pii"),
        *(a_rule(f"text: {{regex: '{pattern}'}}", f"bench.slow-{at}") for at, pattern in enumerate(SLOW)),
    ]
    packs = read_sources(bundled_rules())
    return read_book([*packs.rules, RuleFile("bench.yaml", "---\n".join(own))], packs.lists)


def worst() -> dict[str, tuple[float, int]]:
    """Return by comment how many milliseconds it took, and how many rules were cut off."""
    rules = book()
    found = {}
    for name, text in {**MONSTERS, "a trap for patterns": TRAP, "an innocent one": "Good morning!"}.items():
        event = an_event(text)
        times = []
        for _ in range(PASSES):
            start = process_time()
            judgement = rules.judge(event, ENGLISH)
            times.append(1000 * (process_time() - start))
        found[name] = min(times), len(judgement.cut_off)
    return found


def main() -> None:
    """Measure."""
    print("| comment | ms | rules cut off |\n|---|---|---|")
    figures = worst()
    for name, (milliseconds, cut) in sorted(figures.items(), key=lambda each: -each[1][0]):
        print(f"| {name} | {milliseconds:.1f} | {cut} |")
    over = [name for name, (milliseconds, _) in figures.items() if milliseconds >= LIMIT]
    print(f"\n{'All below' if not over else ', '.join(over) + ': not below'} {LIMIT:g} ms.")


if __name__ == "__main__":
    main()
