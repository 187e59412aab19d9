"""Everyday words of three languages, the most frequent first: what generated comments are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SPOKEN: Final = {
    "en": """the to and a of in is that it for you was on with are be this have not but they we at as
        what so all can from my just if about there your people would one do like their more no when
        don't how who out up because think know will has get or time them now why even he only it's
        than good been much other some really by an never did then could also want our into these
        should need way after money make right any two every where work years nothing city street
        council school bus bridge river market library winter summer children parents neighbours
        mayor doctor hospital teacher article newspaper reader comment question answer photo weather
        garden bicycle traffic ticket train station police court judge minister budget tax rent house
        kitchen coffee bread water dog cat tree park museum concert football team season goal referee
        actually probably maybe honestly again yesterday tomorrow morning evening week month cheap
        expensive quiet loud clean dirty slow fast happy angry tired lucky""",
    "de": """die der und ich das in nicht ist zu es den mit ein sie auf so für auch man wir aber wenn
        was sich eine hat dass von dem wie als noch nur bei im sind du haben mal aus war schon nach
        immer hier werden kein oder mehr keine doch über kann wird einfach ja an muss am vor dann
        alle gut weil viel da wieder unter würde sehr um ganz jetzt nichts warum niemand etwas wegen
        Jahre Leute Stadt Straße Schule Brücke Fluss Markt Bücherei Winter Sommer Kinder Eltern
        Nachbarn Bürgermeisterin Ärztin Krankenhaus Lehrer Artikel Zeitung Leser Frage Antwort Foto
        Wetter Garten Fahrrad Verkehr Fahrkarte Zug Bahnhof Polizei Gericht Richterin Haushalt Steuer
        Miete Häuser Küche Kaffee Brot Wasser Hund Katze Baum Grünfläche Museum Konzert Fußball
        Mannschaft Tor Schiedsrichter eigentlich wahrscheinlich vielleicht ehrlich gestern morgen
        früh Abend Woche Monat günstig teuer ruhig laut sauber schmutzig langsam schnell glücklich
        müde natürlich übrigens außerdem plötzlich""",
    "es": """de la que el en y a los no se del las un por con una es lo para su al como más pero me le
        o si ya todo esta son muy hay también fue cuando porque sin nos sobre ser ni este mi qué años
        está gente tiene desde nada bien eso otra así hasta donde mejor siempre aquí tan ahora hacer
        mucho quien cada nunca después todos vida antes gracias pues verdad cosas día algo solo
        ciudad calle escuela autobús puente río mercado biblioteca invierno verano niños padres
        vecinos alcaldesa médica hospital maestro artículo periódico lector pregunta respuesta
        fotografía tiempo jardín bicicleta tráfico billete tren estación policía tribunal jueza
        ministro presupuesto impuesto alquiler casa cocina café pan agua perro gato árbol parque
        museo concierto fútbol equipo temporada gol árbitro quizás sinceramente ayer mañana tarde
        noche semana mes barato caro tranquilo ruidoso limpio sucio lento rápido feliz enfadado
        cansado además señora corazón mañanas""",
}

WORDS: Final[Mapping[str, tuple[str, ...]]] = {code: tuple(words.split()) for code, words in _SPOKEN.items()}
