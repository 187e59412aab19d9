"""What can be set, and how it is read: one TOML file and the environment, checked as a whole.

loaded = load_settings(None, os.environ)
loaded.settings.kafka.bootstrap     # 'localhost:9092'
loaded.origins["kafka.bootstrap"]   # default, or where it was written
"""

from monitor.settings.duration import Duration
from monitor.settings.layers import Origin
from monitor.settings.loading import Configuration, Loaded, load_settings
from monitor.settings.outlets import ReceiverSettings, SourceFormat, SourceSettings
from monitor.settings.secret import MASK, Secret
from monitor.settings.sections import (
    FuseSettings,
    HttpSettings,
    KafkaSettings,
    LanguageSettings,
    LogSettings,
    RetentionSettings,
    RulesSettings,
    ScorerKind,
    Settings,
    StoreSettings,
    ToxicitySettings,
    WebhooksSettings,
    WebSettings,
    WorkerSettings,
)

__all__ = [
    "MASK",
    "Configuration",
    "Duration",
    "FuseSettings",
    "HttpSettings",
    "KafkaSettings",
    "LanguageSettings",
    "Loaded",
    "LogSettings",
    "Origin",
    "ReceiverSettings",
    "RetentionSettings",
    "RulesSettings",
    "ScorerKind",
    "Secret",
    "Settings",
    "SourceFormat",
    "SourceSettings",
    "StoreSettings",
    "ToxicitySettings",
    "WebSettings",
    "WebhooksSettings",
    "WorkerSettings",
    "load_settings",
]
