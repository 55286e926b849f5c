"""Who may do what: roles from IAM, credentials for one action, approvals, freezes and locks."""
