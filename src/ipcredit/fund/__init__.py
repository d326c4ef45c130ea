"""Risk-compensation and guarantee funds: clauses as data, who pays what, and what it may cost."""
