"""The conditions of the rule language: one file each, registered in `grammar.KINDS`.

Text matchers are conditions' own: one file each in `matchers`, registered in `matchers.MATCHERS`.
"""

from monitor.engine.conditions.base import Condition, Truth

__all__ = ["Condition", "Truth"]
