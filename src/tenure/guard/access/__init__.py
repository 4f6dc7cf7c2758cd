"""Accounts of staff, departments, teams and roles: what each may do, and to whose customers."""
