"""Harmless sentences about people, in our own words.

Labelled data mention groups of people mostly where they are attacked: a model that learned from it
alone takes the name of a group for an attack. These sentences, all of them harmless, say otherwise.
What the model is tested on are other sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

PEOPLE: Final = (
    "Muslim",
    "Jew",
    "Jewish woman",
    "Christian",
    "Catholic",
    "Hindu",
    "Buddhist",
    "Sikh",
    "atheist",
    "Mormon",
    "gay man",
    "gay woman",
    "gay person",
    "lesbian",
    "lesbian woman",
    "bisexual man",
    "bisexual woman",
    "queer person",
    "trans woman",
    "trans man",
    "transgender person",
    "straight man",
    "nonbinary person",
    "black man",
    "black woman",
    "black person",
    "white man",
    "white woman",
    "white person",
    "Asian",
    "Asian man",
    "Asian woman",
    "African",
    "African American",
    "Latino",
    "Latina",
    "Mexican",
    "Indian",
    "Chinese man",
    "Chinese woman",
    "Arab",
    "Pakistani",
    "Native American",
    "Roma",
    "Israeli",
    "Palestinian",
    "Pole",
    "Russian",
    "Turk",
    "immigrant",
    "refugee",
    "foreigner",
    "woman",
    "man",
    "girl",
    "old woman",
    "old man",
    "disabled person",
    "disabled woman",
    "blind person",
    "deaf person",
    "autistic person",
    "wheelchair user",
    "feminist",
)

SENTENCES: Final = (
    "I am {}.",
    "I am {} and I live in this town.",
    "I'm {}, and so is my sister.",
    "He is {}.",
    "She is {} who teaches at our school.",
    "They asked {} what the new law means for the family.",
    "My doctor is {}.",
    "My husband is {} and cooks very well.",
    "I grew up next door to {} and we still write to each other.",
    "{} wrote this book and I can recommend it.",
    "We elected {} to the council last year.",
    "{} asked me for the way to the station.",
    "What is it like to be {} in a small village?",
    "You are {}, so perhaps you can tell us more about the festival.",
    "Proud to be {}!",
    "There is {} in my class who plays the violin.",
    "It is fine to be {}.",
    "The article tells the story of {} who opened a bakery.",
    "Nobody should be treated badly for being {}.",
    "As {}, I agree with the article.",
)

SAYINGS: Final = (
    "Gay couples raise children just like everybody else.",
    "Two men got married in our town hall yesterday and we all danced.",
    "Gay marriage has been legal here for years.",
    "Lesbian couples may now adopt in this country.",
    "Muslims pray five times a day and fast in Ramadan.",
    "Muslim women in our street started a reading group.",
    "Jews celebrate Hanukkah in December.",
    "The synagogue and the mosque share a car park.",
    "Black people in this city are underrepresented in the council.",
    "Black history month starts on Monday.",
    "White people and black people play in the same team.",
    "Immigrants opened most of the shops in our street.",
    "Refugees from the war found work at the hospital.",
    "Women earn less than men for the same work.",
    "Transgender people have the same rights as you and me.",
    "Disabled people need ramps, and the station has none.",
    "Hindus, Sikhs and Christians live in the village together.",
    "Mexican food is my favourite.",
    "Asian students won the science prize this year.",
    "Old people know how this river used to look.",
)


def sentences() -> Iterator[str]:
    """Yield every sentence once."""
    for sentence in SENTENCES:
        for person in PEOPLE:
            text = sentence.format(f"{'an' if person[0] in 'AEIOUaeio' else 'a'} {person}")
            yield text[0].upper() + text[1:]
    yield from SAYINGS
