"""Who may: accounts, rights and scopes; personal data; the audit."""
