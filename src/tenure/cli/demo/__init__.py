"""``tenure demo``: a simulated company, loaded through the doors that real data takes."""

from __future__ import annotations

from tenure.cli.demo.showing import demo

__all__ = ["demo"]
