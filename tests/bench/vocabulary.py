"""Everyday words, the most frequent first: generated comments are made of these."""

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

_ALSO_SPOKEN: Final = {
    "fr": """de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont
        la cette avec ou son aux mais comme on tout nous sa fait été aussi leur bien peut ces deux même
        faire encore après où très avant quand sans moins toujours jamais peu chez ainsi tous autre
        temps ans jour ville rue école pont rivière marché bibliothèque hiver été enfants parents
        voisins maire médecin hôpital journal article lecteur question réponse photo météo jardin vélo
        trafic billet train gare police tribunal juge ministre budget impôt loyer maison cuisine café
        pain eau chien chat arbre parc musée concert équipe saison but arbitre peut-être aujourd'hui
        hier demain matin soir semaine mois cher calme propre sale lent rapide heureux fatigué d'accord
        l'eau l'école c'est j'ai qu'il n'est""",
    "pt": """de a o que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das
        tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era
        depois sem mesmo aos ter seus quem nas me esse eles você essa num nem suas meu às minha têm
        cidade rua escola ponte rio mercado biblioteca inverno verão crianças pais vizinhos prefeita
        médica hospital jornal artigo leitor pergunta resposta foto tempo jardim bicicleta trânsito
        bilhete trem estação polícia tribunal juíza ministro orçamento imposto aluguel casa cozinha
        café pão água cachorro gato árvore parque museu concerto futebol equipe gol árbitro talvez
        ontem amanhã manhã noite semana mês barato caro calmo limpo sujo lento rápido feliz cansado""",
    "it": """di e il la che in un a per è una sono del non con si da come anche le dei nel più al ma ha ci
        alla della questo se lo o gli i ho su cosa mi essere c'è tutto fatto bene quando molto solo
        dove chi perché poi prima ancora sempre mai ora anni giorno casa città strada scuola ponte
        fiume mercato biblioteca inverno estate bambini genitori vicini sindaca medico ospedale
        giornale articolo lettore domanda risposta foto tempo giardino bicicletta traffico biglietto
        treno stazione polizia tribunale giudice ministro bilancio tassa affitto cucina caffè pane
        acqua cane gatto albero parco museo concerto squadra stagione arbitro forse ieri domani
        mattina sera settimana mese caro tranquillo pulito sporco lento veloce felice stanco l'acqua
        dell'anno un'altra po'""",
}

WORDS: Final[Mapping[str, tuple[str, ...]]] = {code: tuple(words.split()) for code, words in _SPOKEN.items()}

SIX: Final[Mapping[str, tuple[str, ...]]] = {
    **WORDS,
    **{code: tuple(words.split()) for code, words in _ALSO_SPOKEN.items()},
}
