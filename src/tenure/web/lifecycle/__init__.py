"""Lifecycles as people look at them: boards, flows, cohorts, what comes."""
