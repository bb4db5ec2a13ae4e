"""The check of texts for customers: rules as data, made ready once, applied to a text within a millisecond.

    checker = compile_rules(shipped())
    checker.check("你急什么").findings

Knows neither Flask nor a database (PG-04, PG-09, PG-11). docs/phrase-rules.md explains how a rule is written.
"""

from portal.kernel.phrase_check.checker import Checker, Finding, Report, compile_rules
from portal.kernel.phrase_check.faults import Fault, faults
from portal.kernel.phrase_check.rule import Rule
from portal.kernel.phrase_check.severity import Severity
from portal.kernel.phrase_check.shipped import shipped

__all__ = [
    "Checker",
    "Fault",
    "Finding",
    "Report",
    "Rule",
    "Severity",
    "compile_rules",
    "faults",
    "shipped",
]
