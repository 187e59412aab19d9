"""What gives each comment system away. One system is one entry, one sign one line.

The order is that of preference among systems that are equally sure: who embeds a comment service
has its comments there, whatever else the page is made with; an API tells more than a feed, a feed
is more stable than markup.
"""

from __future__ import annotations

from typing import Final

from monitor.sources.detecting.places import (
    Address,
    Answers,
    AnyFeed,
    Attribute,
    Elements,
    Entries,
    Header,
    Host,
    Meaning,
    Script,
    Shape,
)
from monitor.sources.detecting.signs import Sign, Sureness, System

HINT, LIKELY, CERTAIN = Sureness

_FEED_LINK: Final = "link[rel~='alternate'][type$='rss+xml'], link[rel~='alternate'][type$='atom+xml']"
_STACK_EXCHANGE: Final = (
    r"(?:stackexchange|stackoverflow|serverfault|superuser|askubuntu|stackapps|mathoverflow)"
)

_DISQUS_EMBED: Final = Attribute("script[src]", "src", r"//([\w-]+)\.disqus\.com/embed\.js")
_DISQUS_COUNT: Final = Attribute("script[src]", "src", r"//([\w-]+)\.disqus\.com/count\.js")
_DISQUS_LOADER: Final = Script(r"//([\w-]+)\.disqus\.com/embed\.js")
_DISQUS_SETTING: Final = Script(r"(?i:disqus_?shortname)[\"']?\s*[=:]\s*[\"']([\w-]+)")
_DISQUS_JSON: Final = Shape("cursor && response[0].forum")

_ISSO: Final = Attribute("script[data-isso]", "data-isso")
_ISSO_SCRIPT: Final = Attribute("script[src*='/js/embed']", "src", r"^(.+?)/js/embed(?:\.min)?\.js")
_UTTERANCES: Final = Attribute("script[src*='utteranc.es/client.js']", "repo", r"^([\w.-]+/[\w.-]+)$")

_WP_LINK: Final = Attribute(
    "link[rel='https://api.w.org/']", "href", r"^(.*?)/?(?:/wp-json/?|(?:/index\.php)?/?\?rest_route=/?)$"
)
_WP_HEADER: Final = Header(
    "link", r"<([^>]*?)/?(?:/wp-json/|(?:/index\.php)?/?\?rest_route=/)>;\s*rel=\"?https://api\.w\.org/\"?"
)
_WP_PLAIN: Final = (
    Header("link", r"<[^>]+?(\?rest_route=)/>;\s*rel=\"?https://api\.w\.org/\"?"),
    Attribute("link[rel='https://api.w.org/']", "href", r"(\?rest_route=)/?$"),
)
"""Where a site without pretty addresses has its API."""

_WP_EDITOR: Final = Attribute("link[rel='EditURI']", "href", r"^(.+?)/xmlrpc\.php")
_WP_FEED: Final = Attribute(
    _FEED_LINK, "href", r"^(.*?)/(?:comments/feed/?(?:atom/?)?|\?feed=comments-(?:rss2|atom))$"
)
_WP_PLAIN_FEED: Final = Meaning(Attribute(_FEED_LINK, "href", r"\?feed=comments-"), "?feed=comments-atom")
_WP_OWN_FEED: Final = Address(r"^(.*?)/(?:comments/feed/?(?:atom/?)?|\?feed=comments-(?:rss2|atom))$")
_WP_HOME: Final = (_WP_HEADER, _WP_LINK, _WP_FEED, _WP_OWN_FEED, _WP_EDITOR)
_WP_COMMENTS: Final = "/{api}/wp/v2/comments"

SYSTEMS: Final = (
    System(
        name="Disqus",
        preset="disqus",
        say="Ask Disqus for an API key; only a moderator's access token shows what waits for moderators.",
        url="none",
        takes={"forum": (_DISQUS_SETTING, _DISQUS_LOADER, _DISQUS_EMBED, _DISQUS_COUNT, _DISQUS_JSON)},
        options={"forum": "SHORTNAME"},
        secrets=("api_key",),
        signs=(
            Sign(CERTAIN, Elements("#disqus_thread")),
            Sign(CERTAIN, _DISQUS_EMBED),
            Sign(CERTAIN, _DISQUS_LOADER),
            Sign(LIKELY, _DISQUS_SETTING),
            Sign(LIKELY, _DISQUS_COUNT),
            Sign(CERTAIN, _DISQUS_JSON),
        ),
    ),
    System(
        name="isso",
        preset="isso",
        say="Its API needs no key; what waits for its moderators is not in it.",
        takes={"url": (_ISSO, _ISSO_SCRIPT)},
        signs=(
            Sign(CERTAIN, _ISSO),
            Sign(CERTAIN, Elements("#isso-thread")),
            Sign(CERTAIN, Shape("replies && contains(keys(@), 'hidden_replies')")),
            Sign(CERTAIN, Shape("[0].mode && [0].uri && contains(keys([0]), 'dislikes')")),
        ),
    ),
    System(
        name="Coral",
        say="let Coral call you: a source of `kind: webhook` in its dialect (in Coral: Configure, Webhooks)",
        signs=(
            Sign(CERTAIN, Elements("#coral_thread, #coral_talk_stream, .coral-script")),
            Sign(CERTAIN, Script(r"Coral\.createStreamEmbed")),
            Sign(CERTAIN, Shape("data.stream.comments || data.comments.nodes[0].revision")),
        ),
    ),
    System(
        name="utterances (issues of a GitHub repository)",
        preset="github",
        say="A token raises GitHub's limit from 60 requests an hour to 5,000.",
        url="none",
        takes={"repository": (_UTTERANCES,)},
        options={"repository": "OWNER/REPOSITORY"},
        secrets=("token",),
        signs=(Sign(CERTAIN, _UTTERANCES),),
    ),
    System(
        name="giscus (discussions of a GitHub repository)",
        say="let GitHub call you: a source of `kind: webhook` in its dialect, event discussion_comment",
        signs=(Sign(CERTAIN, Attribute("script[src*='giscus.app']", "data-repo")),),
    ),
    System(
        name="Facebook comments",
        say="they stand on Facebook: a source of `kind: webhook` in Meta's dialect, after its app review",
        signs=(Sign(CERTAIN, Elements(".fb-comments")),),
    ),
    System(
        name="Remark42",
        say="its API gives the newest comments as JSON (/api/v1/last/100?site=SITE): ask again about that",
        signs=(
            Sign(CERTAIN, Elements("#remark42")),
            Sign(CERTAIN, Script(r"remark_config\s*=")),
        ),
    ),
    System(
        name="wpDiscuz (WordPress)",
        preset="wpdiscuz",
        say="Its comments are WordPress's own, read by its API; an application password shows what waits.",
        takes={"url": _WP_HOME, "api": _WP_PLAIN},
        options={"api": ""},
        asks=(_WP_COMMENTS,),
        signs=(
            Sign(CERTAIN, Elements(".wpd-comment")),
            Sign(CERTAIN, Elements(".wc-comment")),
            Sign(CERTAIN, Elements("#wpdcom, #wpcomm")),
            Sign(CERTAIN, Shape("contains(namespaces, 'wpdiscuz/v1')")),
        ),
    ),
    System(
        name="wpDiscuz, by its pages",
        preset="wpdiscuz-html",
        say="For where WordPress's API is closed. Pages show the first comments only, and no exact times.",
        takes={"url": _WP_HOME},
        signs=(
            Sign(LIKELY, Elements("[id^='wpd-comm-'].wpd-comment")),
            Sign(LIKELY, Elements("[id^='wc-comm-'].wc-comment")),
        ),
    ),
    System(
        name="WordPress, by its API",
        preset="wordpress",
        say="Shows parents, edits and every comment; an application password shows those that wait, too.",
        takes={"url": _WP_HOME, "api": _WP_PLAIN},
        options={"api": ""},
        asks=("/{api}/", _WP_COMMENTS),
        signs=(
            Sign(CERTAIN, _WP_HEADER),
            Sign(CERTAIN, _WP_LINK),
            Sign(CERTAIN, Shape("contains(namespaces, 'wp/v2')")),
            Sign(CERTAIN, Shape("[0].content.rendered && [0].author_name")),
            Sign(LIKELY, Attribute("meta[name='generator']", "content", r"^WordPress\b")),
            Sign(LIKELY, Attribute("script[src]", "src", r"/wp-(?:content|includes)/")),
            Sign(LIKELY, Attribute("link[rel='stylesheet']", "href", r"/wp-(?:content|includes)/")),
        ),
    ),
    System(
        name="WordPress, by its comment feed",
        preset="wordpress-feed",
        say="For where the API is closed. It holds the newest ten: of a larger burst some are lost.",
        takes={"url": _WP_HOME, "feed": (_WP_PLAIN_FEED,)},
        options={"feed": ""},
        signs=(
            Sign(CERTAIN, _WP_FEED),
            Sign(CERTAIN, Entries(r"#comment-\d+")),
        ),
    ),
    System(
        name="WordPress, by its pages",
        preset="wordpress-html",
        say="For where API and feed are closed. Articles are read one by one; themes differ: try it first.",
        takes={"url": _WP_HOME},
        signs=(
            Sign(CERTAIN, Elements("li.comment[id^='comment-']:not([data-comment-id])")),
            Sign(CERTAIN, Elements("li.comment[id^='li-comment-']")),
            Sign(CERTAIN, Elements("article.comment[id^='comment-']")),
            Sign(CERTAIN, Elements("div.comment[id^='comment-']")),
            Sign(CERTAIN, Elements(".wp-block-comment-template li")),
        ),
    ),
    System(
        name="Discourse",
        preset="discourse",
        say="Needs no key for what everybody may read; a key of its staff shows what is hidden and deleted.",
        asks=("/posts.json",),
        signs=(
            Sign(CERTAIN, Attribute("meta[name='generator']", "content", r"^(Discourse)\b")),
            Sign(CERTAIN, Elements("#data-discourse-setup")),
            Sign(CERTAIN, Header("x-discourse-route", "(.+)")),
            Sign(CERTAIN, Shape("latest_posts[0].cooked")),
            Sign(CERTAIN, Shape("post_stream.posts[0].cooked")),
        ),
    ),
    System(
        name="Lemmy",
        preset="lemmy",
        say="Needs no key. Comments of other instances arrive late, with their old dates.",
        asks=("/api/v3/comment/list?limit=1",),
        signs=(
            Sign(CERTAIN, Script(r"(window\.isoData\s*=)[^;]{0,400}\"?site_res")),
            Sign(LIKELY, Attribute("a[href*='join-lemmy.org']", "href")),
            Sign(CERTAIN, Shape("comments[0].comment.ap_id")),
        ),
    ),
    System(
        name="Mastodon",
        preset="mastodon",
        say="A stream. Since Mastodon 4.2 it needs an access token of any account of the instance.",
        secrets=("token",),
        signs=(
            Sign(CERTAIN, Elements("#mastodon[data-props]")),
            Sign(CERTAIN, Header("server", r"^Mastodon$")),
            Sign(CERTAIN, Shape("configuration.statuses && (domain || uri)")),
            Sign(CERTAIN, Shape("[0].account.acct && [0].visibility")),
            Sign(CERTAIN, Shape("descendants[0].account.acct")),
        ),
    ),
    System(
        name="Bluesky",
        preset="bluesky",
        say="A stream of all that the network writes: thousands of posts a minute.",
        url="none",
        signs=(Sign(CERTAIN, Host(r"(?:^|\.)bsky\.(?:app|social|network)$")),),
    ),
    System(
        name="Hacker News",
        preset="hackernews",
        say="Needs no key.",
        url="none",
        signs=(
            Sign(
                CERTAIN, Host(r"^(?:news\.ycombinator\.com|hacker-news\.firebaseio\.com|hn\.algolia\.com)$")
            ),
            Sign(CERTAIN, Elements("tr.athing.comtr")),
            Sign(CERTAIN, Shape("hits[0].comment_text")),
        ),
    ),
    System(
        name="Stack Exchange",
        preset="stackexchange",
        say="Without a key 300 requests a day, with one 10,000.",
        url="none",
        takes={
            "site": (
                Address(r"^https?://([\w-]+)\.stackexchange\.com/"),
                Address(rf"^https?://((?:\w\w\.)?{_STACK_EXCHANGE})\.com/"),
                Address(r"^https?://(mathoverflow\.net)/"),
            )
        },
        options={"site": "SITE"},
        signs=(
            Sign(CERTAIN, Host(rf"(?:^|\.){_STACK_EXCHANGE}\.(?:com|net)$")),
            Sign(CERTAIN, Shape("contains(keys(@), 'quota_remaining') && items")),
            Sign(LIKELY, Elements("li.comment[data-comment-id] .comment-copy")),
        ),
    ),
    System(
        name="GitHub issues",
        preset="github",
        say="A token raises GitHub's limit from 60 requests an hour to 5,000.",
        url="none",
        takes={
            "repository": (
                Address(r"^https?://api\.github\.com/repos/([\w.-]+/[\w.-]+)"),
                Address(r"^https?://github\.com/([\w.-]+/[\w.-]+)"),
            )
        },
        options={"repository": "OWNER/REPOSITORY"},
        secrets=("token",),
        signs=(
            Sign(CERTAIN, Host(r"^(?:api\.)?github\.com$")),
            Sign(CERTAIN, Shape("[0].author_association && [0].issue_url")),
        ),
    ),
    System(
        name="YouTube",
        preset="youtube",
        say="Needs an API key. 10,000 pages a day for all that the key does.",
        url="none",
        takes={
            "channel": (
                Address(r"youtube\.com/channel/(UC[\w-]{22})"),
                Attribute(
                    "meta[itemprop='channelId'], meta[itemprop='identifier']", "content", r"^(UC[\w-]{22})$"
                ),
                Shape("items[0].snippet.channelId"),
            )
        },
        options={"channel": "CHANNEL_ID"},
        secrets=("key",),
        signs=(
            Sign(CERTAIN, Host(r"(?:^|\.)(?:youtube\.com|youtu\.be|youtube\.googleapis\.com)$")),
            Sign(CERTAIN, Shape("kind == 'youtube#commentThreadListResponse'")),
            Sign(CERTAIN, Shape("kind == 'youtube#commentListResponse'")),
        ),
    ),
    System(
        name="Reddit",
        say="its API is for applications that Reddit approved, and what is deleted there you must delete",
        signs=(
            Sign(CERTAIN, Host(r"(?:^|\.)reddit\.com$")),
            Sign(CERTAIN, Shape("data.children[?starts_with(data.name, 't1_')]")),
        ),
    ),
    System(
        name="A comment feed",
        preset="feed",
        say="It holds the newest only: of a burst between two looks some are lost, and no deletion is seen.",
        url="page",
        takes={
            "url": (
                Attribute(_FEED_LINK, "href", r"(?i)(.*comment.*)"),
                Attribute("link[rel~='alternate'][type$='xml'][title*='omment']", "href"),
            )
        },
        signs=(
            Sign(CERTAIN, Answers()),
            Sign(LIKELY, Attribute(_FEED_LINK, "href", r"(?i)(.*comment.*)")),
            Sign(LIKELY, Attribute("link[rel~='alternate'][type$='xml'][title*='omment']", "href")),
            Sign(LIKELY, Entries("[Cc]omment")),
            Sign(HINT, AnyFeed()),
        ),
    ),
)
"""Every system that is known, in the order of preference."""
