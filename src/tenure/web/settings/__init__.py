"""Settings: people, roles, departments and teams, the organisation, the audit, about."""
