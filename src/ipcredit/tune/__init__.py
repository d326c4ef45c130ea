"""Tuning a policy: what a change does to firms, money and the fund; sweeps, searches, panels."""
