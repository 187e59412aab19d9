"""Asks a site what it is: the page, then, where that helps, whether its API is open."""

from __future__ import annotations

from monitor.domain.errors import Retryable
from monitor.sources.detecting.candidates import Asked, Findings, find, questions
from monitor.sources.detecting.material import material
from monitor.sources.web.message import Answer, Manners, Request, Web


async def ask(web: Web, url: str, manners: Manners) -> tuple[Answer, Findings]:
    """Return the page's answer, and what it and a few more questions to the same site come to.

    A question that is refused or fails is part of the finding.

    Raises:
        Retryable: the page itself could not be had.
    """
    answer = await web.ask(Request(url=url), manners)
    page = material(answer)
    asked = [await _asked(web, question, address, manners) for question, address in questions(page).items()]
    return answer, find(page, asked)


async def _asked(web: Web, question: str, url: str, manners: Manners) -> Asked:
    try:
        answer = await web.ask(Request(url=url), manners)
    except Retryable as error:
        return Asked(question=question, url=url, trouble=str(error))
    return Asked(question=question, url=url, status=answer.status, answer=material(answer))
