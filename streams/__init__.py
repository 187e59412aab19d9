"""Everything that knows Kafka or Faust. It stands on `monitor`; `monitor` never imports it."""
